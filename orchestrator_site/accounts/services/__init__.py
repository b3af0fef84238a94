"""Every change to accounts, written to the ledger in the same transaction."""
