"""Commands that take what users know: their records and the judgement of experts."""
