"""Shocks of COVID and the backlog: each is a function Timeline -> Timeline."""
