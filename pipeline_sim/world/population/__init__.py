"""Population: headcounts, posts, applicants and intakes, reconciled with published figures."""
