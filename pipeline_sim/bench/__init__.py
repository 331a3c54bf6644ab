"""Benchmarks: speed and memory of the engines, and of the same small model in other simulation packages.

Owns the clock. `measure` runs England with COVID, every case in a process of its own; `reduced` has a small pipeline
as five programs and knows nothing of the model. Only the command `bench` imports this one; no result depends on it.
"""
