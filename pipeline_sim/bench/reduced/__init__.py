"""The reduced pipeline: one small model as six programs, to compare engines with peers. Knows nothing of the model."""
