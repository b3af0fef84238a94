"""Reading what the ledger holds, and the names of whom and what it speaks of."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import orjson
from django.db.models import Q, QuerySet

from flows.describe import Entry, step_name
from flows.engine.addresses import read_address
from flows.event_kinds import UNREADABLE
from flows.models import Flow, FlowVersion, Run
from flows.nodes.registry import NODE_TYPES
from orchestrator_site.accounts.api import Membership, User, Workspace, actor_names
from orchestrator_site.ledger.api import Event, Subject

FIRST_NAMES = {"flow": "slug", "model": "name", "membership": "user", "token": "prefix"}


def list_events(run: Run, *, after: int, limit: int) -> list[dict[str, Any]]:
    """Events of a run's chain that follow `after`, in order, as JSON."""
    events = Event.objects.filter(chain_id=run.pk, seq__gt=after).order_by("seq")
    return [_event_document(event) for event in events[:limit]]


def run_entries(run: Run, *, after: int, limit: int) -> list[Entry]:
    """Events of a run's chain that follow `after`, in order."""
    events = Event.objects.filter(chain_id=run.pk, seq__gt=after).order_by("seq")
    return [entry_of(event) for event in events[:limit]]


def workspace_events(workspace: Workspace) -> QuerySet[Event]:
    """Everything the ledger holds of a workspace, newest first."""
    events = Event.objects.filter(workspace_id=workspace.pk)
    return events.order_by("-at", "-chain_id", "-seq")


def find_event(workspace: Workspace, chain_id: UUID, seq: int) -> Event | None:
    """The event of the workspace at this place of a chain."""
    found = Event.objects.filter(chain_id=chain_id, seq=seq)
    return found.filter(workspace_id=workspace.pk).first()


def hash_before(entry: Entry) -> str:
    """Hash of the event that `entry` follows, in hexadecimal; empty for the first."""
    before = Event.objects.filter(chain_id=entry.chain_id, seq=entry.seq - 1)
    found = before.values_list("hash", flat=True).first()
    return bytes(found).hex() if found else ""


def list_members(workspace: Workspace) -> QuerySet[User]:
    """Everybody who is or was a member, by name."""
    members = Membership.objects.in_workspace(workspace)
    return User.objects.filter(pk__in=members.values("user")).order_by("name", "email")


def before_event(events: QuerySet[Event], last: Event) -> QuerySet[Event]:
    """Those that come after `last` in the order of `workspace_events`."""
    earlier = Q(at__lt=last.at) | Q(chain_id__lt=last.chain_id)
    same_chain = Q(chain_id=last.chain_id, seq__lt=last.seq)
    return events.filter(earlier | same_chain, at__lte=last.at)


def events_of_actor(events: QuerySet[Event], actor: str) -> QuerySet[Event]:
    """Those that `actor` caused.

    A body is JSON with sorted keys, so that it begins with its actor.
    """
    start = orjson.dumps({"actor": actor})[:-1]
    return events.filter(body__gte=start + b",", body__lt=start + b"-")


def entry_of(event: Event) -> Entry:
    """An event as sentences need it; a damaged one says so."""
    try:
        body = orjson.loads(bytes(event.body))
        kind, actor, data = body["kind"], body["actor"], dict(body["data"])
    except (ValueError, KeyError, TypeError):
        kind, actor, data = UNREADABLE, "", {}
    return Entry(
        chain_id=event.chain_id,
        seq=event.seq,
        at=event.at,
        kind=kind,
        actor=actor,
        data=data,
        hash=bytes(event.hash).hex(),
    )


def names_for(
    workspace: Workspace,
    entries: Iterable[Entry],
    labels: Mapping[UUID, Mapping[str, str]] | None = None,
) -> dict[str, str]:
    """What people call the actors and subjects of `entries`; at most six queries.

    `labels` are those of the nodes of runs that are read already.
    """
    entries = list(entries)
    told = _first_facts(entries)
    subjects = {entry.subject for entry in entries}
    wanted = {entry.actor for entry in entries}
    wanted |= {
        f"user:{told[s]}" for s in subjects if s[0] == "membership" and s in told
    }
    names = actor_names(wanted)
    for kind, subject_id in subjects & told.keys():
        first = told[kind, subject_id]
        named = names.get(f"user:{first}", first) if kind == "membership" else first
        names[f"{kind}:{subject_id}"] = named
    flows = {entry.data["flow"] for entry in entries if "flow" in entry.data}
    for flow in Flow.objects.in_workspace(workspace).filter(pk__in=flows):
        names[f"flow:{flow.pk}"] = flow.name
    return names | _step_names(workspace, entries, labels or {})


def labels_of_versions(version_ids: Iterable[UUID]) -> dict[UUID, dict[str, str]]:
    """What people call the nodes of each version, by node id."""
    wanted = set(version_ids)
    documents = FlowVersion.objects.in_bulk(wanted) if wanted else {}
    return {
        version_id: {
            node["id"]: node.get("label") or NODE_TYPES[node["type"]].label
            for node in orjson.loads(bytes(version.document))["nodes"]
        }
        for version_id, version in documents.items()
    }


def _step_names(
    workspace: Workspace,
    entries: list[Entry],
    known: Mapping[UUID, Mapping[str, str]],
) -> dict[str, str]:
    """What the steps that `entries` name are called, after the versions of their runs."""
    steps = {
        (run_id, str(entry.data[address]))
        for entry in entries
        for run, address in (("run", "address"), ("parent", "parent_address"))
        if entry.data.get(address) and (run_id := _read_id(entry.data.get(run)))
    }
    unknown = {run for run, _ in steps} - known.keys()
    runs = Run.objects.in_workspace(workspace).filter(pk__in=unknown)
    versions = dict(runs.values_list("pk", "version")) if unknown else {}
    of_versions = labels_of_versions(versions.values())
    read = {run: of_versions[version] for run, version in versions.items()}
    labels = {**read, **known}
    return {
        f"step:{run}:{address}": step_name(read_address(address), labels[run])
        for run, address in steps
        if run in labels
    }


def _read_id(value: object) -> UUID | None:
    """The id of a run; None where an event was damaged."""
    try:
        return UUID(str(value))
    except ValueError:
        return None


def _first_facts(entries: list[Entry]) -> dict[tuple[str, str], str]:
    """By subject, what the first event of its chain calls it."""
    subjects = {
        Subject(kind, UUID(subject_id)).chain_id: (kind, subject_id)
        for kind, subject_id in {entry.subject for entry in entries}
        if kind in FIRST_NAMES
    }
    if not subjects:
        return {}
    firsts = Event.objects.filter(chain_id__in=list(subjects), seq=1)
    found = {}
    for entry in map(entry_of, firsts):
        kind, subject_id = subjects[entry.chain_id]
        if FIRST_NAMES[kind] in entry.data:
            found[kind, subject_id] = str(entry.data[FIRST_NAMES[kind]])
    return found


def _event_document(event: Event) -> dict[str, Any]:
    body = orjson.loads(bytes(event.body))
    return {
        "seq": event.seq,
        "at": body["at"],
        "kind": body["kind"],
        "actor": body["actor"],
        "data": body["data"],
        "hash": bytes(event.hash).hex(),
    }
