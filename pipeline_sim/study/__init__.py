"""Studies: worlds run many times and compared. Where `world` and `engines` meet; refuses to draw figures."""
