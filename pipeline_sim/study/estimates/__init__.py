"""Statistics of replications: differences, intervals, rankings, prices. Pure functions over arrays."""
