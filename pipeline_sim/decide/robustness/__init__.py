"""Robust choice: regret over draws and scenarios, and the futures in which a choice fails."""
