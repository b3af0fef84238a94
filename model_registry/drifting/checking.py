"""Looking for drift, and raising or ending alarms.

What is compared, and when it counts as drift, stands in `drifting.stability`.
"""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone

from model_registry.drifting.counting import SLOT_S
from model_registry.drifting.stability import LEAST_CALLS, Shift, shift_of
from model_registry.models import ModelAnswers, ModelDrift, ModelVersion
from model_registry.services.events import record_of

# The slots of the last 24 hours beside the one under way, against those before.
RECENT = timedelta(hours=24)
REFERENCE = timedelta(days=28)
SLOT = timedelta(seconds=SLOT_S)
WORKER = "system:worker"
Counts = dict[str, int]


class Watched(NamedTuple):
    """One feature of the calls of a version under a tag."""

    version_id: UUID
    tag: str
    feature: str


def check_drift() -> None:
    """Compare recent calls with those before, of every version that is called."""
    slot_s = timezone.now().timestamp() // SLOT_S * SLOT_S
    border = datetime.fromtimestamp(slot_s, UTC) - RECENT
    recent = _counts(Q(slot__gte=border))
    enough = {
        watched: counts
        for watched, counts in recent.items()
        if sum(counts.values()) >= LEAST_CALLS
    }
    versions = {watched.version_id for watched in enough}
    earlier = Q(slot__gte=border - REFERENCE, slot__lt=border)
    reference = _counts(earlier & Q(version__in=versions)) if versions else {}
    shifts = {
        watched: shift_of(reference.get(watched, {}), counts)
        for watched, counts in enough.items()
    }
    _settle({watched: shift for watched, shift in shifts.items() if shift})


def _counts(wanted: Q) -> dict[Watched, Counts]:
    found: defaultdict[Watched, Counts] = defaultdict(dict)
    keys = ("version_id", "tag", "feature", "sort")
    rows = ModelAnswers.objects.filter(wanted).values_list(*keys).order_by()
    for *watched, sort, calls in rows.annotate(Sum("calls")):
        found[Watched(*watched)][sort] = calls
    return found


def _settle(shifts: dict[Watched, Shift]) -> None:
    """Raise the alarms that are missing, and end those that no longer hold."""
    is_open = {
        Watched(row.version_id, row.tag, row.feature): row
        for row in ModelDrift.objects.filter(ended_at__isnull=True)
    }
    drifted = {watched for watched, shift in shifts.items() if shift.is_drift}
    concerned = {watched.version_id for watched in drifted | is_open.keys()}
    versions = ModelVersion.objects.select_related("model").in_bulk(concerned)
    for watched in sorted(drifted | is_open.keys()):
        version, shift = versions.get(watched.version_id), shifts.get(watched)
        if version is None:
            continue
        if watched not in is_open and shift:
            _raise(version, watched, shift)
        elif shift is None or shift.is_calm:
            _end(version, is_open[watched])
        else:
            ModelDrift.objects.filter(pk=is_open[watched].pk).update(**_found(shift))


@transaction.atomic
def _raise(version: ModelVersion, watched: Watched, shift: Shift) -> None:
    ModelDrift.objects.update_or_create(
        version=version,
        tag=watched.tag,
        feature=watched.feature,
        defaults={**_found(shift), "since": timezone.now(), "ended_at": None},
    )
    data = {
        "version": version.number,
        "tag": watched.tag,
        "feature": watched.feature,
        "index": f"{shift.index:.3f}",
        "bound": f"{shift.bound:.3f}",
    }
    record_of(version.model, "version.drifted", WORKER, data)


@transaction.atomic
def _end(version: ModelVersion, alarm: ModelDrift) -> None:
    ModelDrift.objects.filter(pk=alarm.pk).update(ended_at=timezone.now())
    data = {"version": version.number, "tag": alarm.tag, "feature": alarm.feature}
    record_of(version.model, "version.drift_ended", WORKER, data)


def _found(shift: Shift) -> dict[str, Any]:
    return {
        "index": shift.index,
        "bound": shift.bound,
        "recent_calls": shift.recent_calls,
        "reference_calls": shift.reference_calls,
    }
