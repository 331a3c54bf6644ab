"""Numbers and findings in words; none claims more than its interval supports."""
