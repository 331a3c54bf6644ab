"""Programs that write documents of this project from results and configuration. Not part of the installed package."""
