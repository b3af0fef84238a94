"""Persons and teams of the registry: who answers for them, and what they are asked for."""

from uuid import UUID

from model_registry.resolving import ResolvedModel
from orchestrator_site.accounts.api import find_decider


def deciders_of(resolved: ResolvedModel, workspace_id: UUID) -> tuple[str, ...]:
    """Who may answer there, as approvals name them: a role, or `user:<id>`.

    Nobody, where the person is no member who may decide, and for an entry of another
    workspace: its people do not see what is asked here.
    """
    if resolved.person is None or resolved.workspace_id != workspace_id:
        return ()
    kind, _colon, name = resolved.person.who.partition(":")
    if kind == "role":
        return (name,)
    user_id = find_decider(workspace_id, name)
    return (f"user:{user_id}",) if user_id else ()


def asked_of(resolved: ResolvedModel) -> list[str]:
    """The properties of the answer that have to be there; all, where none has to."""
    schema = resolved.output_schema
    return list(schema.get("required") or schema.get("properties") or ())
