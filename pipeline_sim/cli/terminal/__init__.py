"""What the commands share: the console, options, the command line of a result, and default paths."""
