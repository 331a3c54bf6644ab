"""Arithmetic that knows no medicine: the compiler's door, counter-based luck, dates. Refuses anything with a name from the NHS."""
