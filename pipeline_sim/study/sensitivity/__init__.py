"""How strongly each assumption moves the answer."""
