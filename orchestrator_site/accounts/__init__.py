"""Workspaces, the people in them, what their roles allow, and API tokens."""
