"""Damaged and hostile input by the thousand: every command answers in time, in lines, and never with a fault."""
