"""Money: what things cost, what was spent and left, what a pound today is worth later. Integer pence; it only reads."""
