"""One command a module: its options, its checks and what it does. Commands do not know each other.

A module is imported to read its options, so its heavy imports stand inside the functions that need them.
"""
