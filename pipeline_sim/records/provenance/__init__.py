"""Where a result comes from: identifiers, manifest, environment, and the check that nothing was changed since."""
