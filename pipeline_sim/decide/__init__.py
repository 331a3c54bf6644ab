"""Decisions: which mix to buy, what better evidence is worth, and what holds whatever comes."""
