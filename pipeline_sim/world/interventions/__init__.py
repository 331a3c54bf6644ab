"""Interventions as functions Timeline -> Timeline, and spending by month and office."""
