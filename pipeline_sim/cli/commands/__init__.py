"""One module a command. Commands do not know each other."""
