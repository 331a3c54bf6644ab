"""Commands that support a decision: the best mix, the value of information, robust choice."""
