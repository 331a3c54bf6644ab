"""Faults on purpose, and the trials that batch has to pass under them."""
