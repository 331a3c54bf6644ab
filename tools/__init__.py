"""Commands that write documents of this project from results and configuration; not part of the installed package."""
