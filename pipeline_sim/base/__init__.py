"""Arithmetic that knows no medicine: the compiler's door, counter-based luck, dates. No name from the NHS is let in."""
