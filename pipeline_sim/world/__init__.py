"""World: assumptions from files, population, shocks and interventions, and their lowering to integers.

Refuses a number without unit, source and grade. Does not import engines or decide about doctors.
"""
