"""What is too large for one SQLite file: the ledger as events, and the same graph by an engine."""
