"""What is assumed: world files, what happened to the world, what was bought, and the only door down to integers.

Refuses a number without unit, source and grade. Knows no engine; decides nothing about a doctor.
"""
