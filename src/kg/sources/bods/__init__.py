"""Statements of the Beneficial Ownership Data Standard."""
