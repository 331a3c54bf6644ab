"""From TOML and CSV to Python: layers, tables, sources. Every complaint names the file, the key or the line."""
