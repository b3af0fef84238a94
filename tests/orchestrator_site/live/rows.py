"""Stands for an app above: things of workspaces, each with the id of its last change."""

ROWS = {}


def current_id(workspace_id, rest):
    return ROWS.get((workspace_id, rest))
