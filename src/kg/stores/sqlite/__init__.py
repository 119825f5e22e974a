"""How the SQLite file answers."""
