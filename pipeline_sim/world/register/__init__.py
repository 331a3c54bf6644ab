"""The register of assumptions: who answers for each, why, until when, and how far it moves the answer."""
