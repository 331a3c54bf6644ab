"""Many replications: on threads, processes or a Dask cluster, kept in a store and read again."""
