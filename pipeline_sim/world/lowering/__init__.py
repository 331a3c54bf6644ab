"""Lowering of a World, its population and its Timeline to the integers of a Rulebook."""
