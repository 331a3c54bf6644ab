"""Digests of logs and tables as reviewed: a change of any of them is a change of results.

`PYTHONPATH=.:tests python -m baselines.renew` writes them anew; the CHANGELOG then says which results move, and why.
"""
