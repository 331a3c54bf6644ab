"""A reduced pipeline that several programs tell, to see what each way of telling it costs.

Owns the reduced pipeline, its five programs and the clock. Knows nothing of the model proper, and nothing there
knows this room; of the rest of the package it uses `base` alone.
"""
