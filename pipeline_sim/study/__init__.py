"""Questions: run worlds many times, put them side by side. Where `world` and `engines` meet; refuses to draw."""
