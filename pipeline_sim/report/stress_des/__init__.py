"""The model report after STRESS-DES 1.0 and ISPOR-SMDM, printed from configuration and code.

What code or a file knows is read from there; prose that nothing else knows stands in the templates. One module a
section of the checklist.
"""
