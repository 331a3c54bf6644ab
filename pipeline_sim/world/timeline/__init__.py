"""Timeline: opportunity, capacity and rates by day, week or month, as float tables along its axes."""
