"""Figures, tables and pages of answers. Refuses to simulate or to compute anything that a test would want to check."""
