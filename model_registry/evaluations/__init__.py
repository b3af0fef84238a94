"""Evaluation sets: reading them, running versions against them, measuring."""
