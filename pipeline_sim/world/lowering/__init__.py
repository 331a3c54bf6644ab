"""The only door down: a World, its population and its Timeline become the integers of a Rulebook."""
