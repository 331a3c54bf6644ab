"""What all commands share: the console, options, and files that ship with the program."""
