"""The rules of the validator, by subject."""
