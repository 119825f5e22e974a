"""The reference facts that travel with the package."""
