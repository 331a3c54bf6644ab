"""What COVID and the backlog took: each shock is a function Timeline -> Timeline."""
