"""The ledger: what happened in the workspace, in sentences with their proof."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from flows.describe import Entry, describe_html
from flows.event_kinds import GROUPS, kind_of, kinds_of
from flows.selectors import (
    before_event,
    entry_of,
    events_of_actor,
    find_event,
    hash_before,
    list_members,
    names_for,
    workspace_events,
)
from flows.views.answering import answer, is_fragment
from flows.views.filters import PERIODS, Choice, address, chosen, read_uuid, since
from flows.views.json_text import JsonText
from orchestrator_site.accounts.api import PageRequest, Permission, Workspace, page
from orchestrator_site.ledger.api import Event, Subject, verify_workspace
from orchestrator_site.shell.actors import SYSTEM, name_of

PAGE_ROWS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """An event as a row; `url` opens it in the drawer."""

    entry: Entry
    title: str
    icon: str
    sentence: SafeString
    subject: str
    subject_url: str
    url: str
    is_selected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The selected event with everything that proves its place."""

    row: EventRow
    actor: str
    facts: JsonText
    previous: str


@require_safe
@page(Permission.AUDIT_VIEW)
def ledger(request: PageRequest) -> HttpResponse:
    """Events, newest first, fifty at a time."""
    return answer(request, "flows/ledger.html", "flows/_ledger.html", _list(request))


@require_POST
@page(Permission.AUDIT_VERIFY)
def verification(request: PageRequest) -> HttpResponse:
    """Read every chain of the workspace again and say whether they hold."""
    verified = verify_workspace(request.principal.workspace.pk)
    context = {"verified": verified, "verified_at": timezone.now(), "may_verify": True}
    if is_fragment(request):
        return render(request, "flows/_ledger_standing.html", context)
    return render(request, "flows/ledger.html", {**_list(request), **context})


def _list(request: PageRequest) -> dict[str, Any]:
    workspace, query = request.principal.workspace, request.GET
    actors = _actors(workspace)
    filters = _filters(query, actors)
    found = _filtered(workspace, filters)
    cursor = _find(workspace, query.get("before", ""))
    asked = before_event(found, cursor) if cursor else found
    events = list(asked[: PAGE_ROWS + 1])
    shown, selected = events[:PAGE_ROWS], _find(workspace, query.get("event", ""))
    entries = [entry_of(event) for event in [*shown, *([selected] if selected else [])]]
    names = names_for(workspace, entries)
    path = reverse("flows:ledger")
    kept = {**filters, "before": query.get("before", "")}
    rows = [_row(entry, names, selected, kept) for entry in entries]
    last = _key(shown[-1]) if len(events) > PAGE_ROWS else ""
    return {
        "rows": rows[: len(shown)],
        "proof": _proof(rows[-1], names) if selected else None,
        "filters": filters,
        "is_filtered": any(filters.values()),
        "groups": GROUPS,
        "periods": PERIODS,
        "actors": actors.values(),
        "first_url": address(path, filters) if cursor else "",
        "older_url": address(path, {**filters, "before": last}) if last else "",
        "closed_url": address(path, kept),
        "may_verify": request.principal.can(Permission.AUDIT_VERIFY),
    }


def _row(
    entry: Entry, names: dict[str, str], selected: Event | None, kept: dict[str, str]
) -> EventRow:
    kind, (subject, subject_id) = kind_of(entry.kind), entry.subject
    path, key = reverse("flows:ledger"), f"{entry.chain_id}.{entry.seq}"
    about = address(path, {"subject": f"{subject}:{subject_id}"})
    is_run = subject == "run"
    return EventRow(
        entry=entry,
        title=str(kind.title),
        icon=kind.icon,
        sentence=describe_html(entry, names),
        subject=names.get(f"{subject}:{subject_id}", f"{subject} {subject_id[-6:]}"),
        subject_url=reverse("flows:run", args=[subject_id]) if is_run else about,
        url=address(path, {**kept, "event": key}),
        is_selected=selected is not None and _key(selected) == key,
    )


def _proof(row: EventRow, names: dict[str, str]) -> Proof:
    entry = row.entry
    return Proof(
        row=row,
        actor=name_of(entry.actor, names),
        facts=JsonText(entry.data),
        previous=hash_before(entry),
    )


def _filters(query: QueryDict, actors: dict[str, Choice]) -> dict[str, str]:
    return {
        "about": chosen(query, "about", GROUPS),
        "who": chosen(query, "who", actors),
        "period": chosen(query, "period", PERIODS),
        "subject": _subject(query),
    }


def _filtered(workspace: Workspace, filters: dict[str, str]) -> QuerySet[Event]:
    found = workspace_events(workspace)
    if filters["about"]:
        found = found.filter(kind__in=kinds_of(filters["about"]))
    if filters["who"]:
        found = events_of_actor(found, filters["who"])
    if start := since(filters["period"]):
        found = found.filter(at__gte=start)
    if chain_id := _chain_of(filters["subject"]):
        found = found.filter(chain_id=chain_id)
    return found


def _subject(query: QueryDict) -> str:
    asked = query.get("subject", "").strip()
    return asked if _chain_of(asked) else ""


def _chain_of(subject: str) -> UUID | None:
    """The chain of `flow:<id>` and its like; an id alone is a run's."""
    kind, _colon, text = subject.rpartition(":")
    found = read_uuid(text)
    if found is None or kind in ("", "run"):
        return found
    return Subject(kind, found).chain_id


def _actors(workspace: Workspace) -> dict[str, Choice]:
    """Who can be asked for: the members, by name, and the system's own."""
    people = [
        Choice(f"user:{user.pk}", user.get_full_name())
        for user in list_members(workspace)
    ]
    people += [Choice(actor, label) for actor, label in SYSTEM.items()]
    return {choice.value: choice for choice in people}


def _key(event: Event) -> str:
    return f"{event.chain_id}.{event.seq}"


def _find(workspace: Workspace, key: str) -> Event | None:
    chain, _dot, seq = key.partition(".")
    chain_id = read_uuid(chain)
    if chain_id is None or not (seq.isdecimal() and len(seq) < 19):
        return None
    return find_event(workspace, chain_id, int(seq))
