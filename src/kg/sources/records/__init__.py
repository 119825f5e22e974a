"""The native format: one record a line."""
