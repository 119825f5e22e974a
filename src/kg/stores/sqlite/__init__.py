"""The store that is a SQLite file."""
