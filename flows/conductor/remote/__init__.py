"""Steps that workers of a queue carry out: rows that are taken, and answered by mail."""
