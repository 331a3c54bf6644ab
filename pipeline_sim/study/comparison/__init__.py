"""A study from its file to its answer: check, run, stop, attribute, estimate."""
