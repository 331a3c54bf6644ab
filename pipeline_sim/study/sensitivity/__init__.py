"""Sensitivity analysis: how strongly each assumption moves the answer, by Morris and Sobol indices."""
