"""From files to a checked World: references, plausibility and mixes. Refuses with one line."""
