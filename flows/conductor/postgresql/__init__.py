"""The hot path on PostgreSQL: few statements, prepared, on a connection of its own."""
