"""One replication of the worlds of a study: parameters drawn, worlds prepared, run together and summarised."""
