"""Schema of world files: frozen pydantic models. Refuses unknown keys and numbers without a source."""
