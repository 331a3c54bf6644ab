"""Event routines: what happens to a doctor or an office when an event is due, as functions on rows of integers.

Each file is the twin of one in the reference engine or names it.
"""
