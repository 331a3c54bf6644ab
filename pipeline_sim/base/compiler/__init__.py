"""The only door to Numba: what is compiled, how compiled functions are linked, and how they read memory.

Owns every import of Numba's inner parts; refuses to know what the compiled functions are about.
"""
