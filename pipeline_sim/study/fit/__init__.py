"""The model beside the record: targets, history matching, validation, hindcast."""
