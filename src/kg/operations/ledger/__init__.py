"""What changes the ledger: loads, withdrawals, erasures, identity judgements."""
