"""Commands on inputs of one's own: a copy of what ships, schemas of files, records, judgements of experts."""
