"""What happened: the event log, its schema, its files and the counts made from it. Refuses to decide anything."""
