"""What a world file may say: frozen pydantic models, one a table. Refuses unknown keys and numbers without a source."""
