"""Arithmetic without medicine: the compiler, counter-based random numbers, dates. Refuses any name from the NHS."""
