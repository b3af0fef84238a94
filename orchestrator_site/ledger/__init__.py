"""The audit log: append-only events in hash chains, and the payloads they commit to."""
