"""Value of information: what a decision would gain from knowing uncertain figures better."""
