"""Search for the best mix of a budget, and selection among finalists with a guarantee."""
