"""Numbers and findings in words. None claims more than its interval bears."""
