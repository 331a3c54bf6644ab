"""Reading of TOML layers and CSV tables; errors name the file and the key or line."""
