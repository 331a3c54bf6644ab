"""What laws and bars read of reviews in the rows of a log."""
