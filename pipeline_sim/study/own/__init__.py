"""Users' own inputs: their records as targets, and experts' judgements as ranges of figures."""
