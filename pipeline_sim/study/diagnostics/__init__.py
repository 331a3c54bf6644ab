"""Is the simulation sound: length of the warm-up, and whether both engines agree."""
