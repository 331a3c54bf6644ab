"""The rules: decisions as pure scalar functions of integers, called by both engines. Draws nothing, keeps no state."""
