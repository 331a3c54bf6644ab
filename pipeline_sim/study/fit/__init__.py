"""Fit of the model to the record: targets, history matching, validation, hindcast."""
