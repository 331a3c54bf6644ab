"""Lets every test import the shared worlds of this folder: `toybook`, `generated`."""
