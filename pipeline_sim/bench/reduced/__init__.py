"""The reduced pipeline: one small model as five programs, to compare engines with peers. Knows nothing of the model."""
