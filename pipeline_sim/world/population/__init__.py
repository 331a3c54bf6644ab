"""Who there is: headcounts, posts, applicants and intakes, reconciled with published figures."""
