"""The page of a decision: what to buy, what it buys, how sure, and what would change the choice."""
