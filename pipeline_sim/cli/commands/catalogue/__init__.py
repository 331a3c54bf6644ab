"""Commands that list what money can buy, and the mixes that there are."""
