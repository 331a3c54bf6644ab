"""What is decided: pure scalar functions on integers, called by both engines. Draws nothing, keeps no state."""
