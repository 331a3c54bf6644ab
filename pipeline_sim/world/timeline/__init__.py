"""How much of everything there is on each day, as float tables: the Timeline and its axes."""
