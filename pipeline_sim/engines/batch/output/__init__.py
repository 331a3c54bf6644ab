"""What the kernel writes: rows of the event log, and counts made as events happen."""
