"""How fast the engines are and what they take, and what other ways of telling a pipeline would.

Owns the clock: England with COVID, every case in a process of its own (`england`), and a reduced pipeline that several
programs tell (`peers`, `reduced*`, `twin`), which knows nothing of the model. Nothing of the rest of the package knows
this room but the door; no result depends on it.
"""
