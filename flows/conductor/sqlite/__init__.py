"""The hot path on SQLite: one writer at a time, so plain statements in one transaction.

Times and ids are written as Django writes them: naive UTC text and 32 hex digits.
"""
