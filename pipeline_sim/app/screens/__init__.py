"""Screens of the app, in the order of its menu."""
