"""What recovery money buys: each intervention is a function Timeline -> Timeline; and where the budget goes."""
