"""How records are stored: Parquet, JSON and array files, whole or absent, on a disk or in an object store."""
