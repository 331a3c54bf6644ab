"""Soundness of the simulation: length of the warm-up, and whether both engines agree."""
