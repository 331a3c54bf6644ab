"""Costs, spending and discounting, in integer pence."""
