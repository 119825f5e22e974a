"""The reference facts that are part of the package."""
