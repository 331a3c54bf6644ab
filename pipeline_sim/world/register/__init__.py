"""Register of assumptions: owner, rationale, review date and measured influence of each."""
