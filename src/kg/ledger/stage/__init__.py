"""The rows of a load on their way into the ledger."""
