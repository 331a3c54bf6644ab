"""Tables and sentences that commands print on the terminal."""
