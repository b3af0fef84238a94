"""Composition of Baton: settings, doors and processes. Kept free of imports."""
