"""The model report after STRESS-DES 1.0 and ISPOR-SMDM, printed from configuration and code.

Facts are read from code and files; prose is in the templates. One module a section of the checklist.
"""
