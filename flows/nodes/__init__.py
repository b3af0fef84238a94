"""Node types, one file each. Pure."""
