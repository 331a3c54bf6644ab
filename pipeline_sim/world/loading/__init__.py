"""Loading of a World with checks of references, plausibility and the mix. Refuses with one line."""
