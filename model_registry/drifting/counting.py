"""Counting questions and answers by their sorts, in memory until they are stored."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from model_registry.drifting.features import Reader
from model_registry.guarding.adding import add_rows
from model_registry.json_values import JsonObject
from model_registry.models import ModelAnswers
from model_registry.resolving import ResolvedModel
from model_registry.tags import NOT_LIVE

SLOT_S = 6 * 3600
MOST_KEYS = 20_000
KEYS = ("version_id", "slot", "tag", "feature", "sort")


class Key(NamedTuple):
    """What is added up together; `slot` counts from 1970."""

    version_id: UUID
    slot: int
    tag: str
    feature: str
    sort: str


class Answers:
    """The questions and answers of this process since they were last stored."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._counted: defaultdict[Key, int] = defaultdict(int)
        self._readers: dict[str, Reader] = {}

    def add(
        self, resolved: ResolvedModel, tag: str, value: JsonObject, output: JsonObject
    ) -> None:
        """Count an answer to a flow. Any thread may."""
        if tag in NOT_LIVE:
            return
        reader = self._readers.get(resolved.digest)
        if reader is None:
            reader = Reader(resolved.input_schema, resolved.output_schema)
            self._readers[resolved.digest] = reader
        features = reader.features(value, output)
        if not features:
            return
        slot = int(self._clock() // SLOT_S)
        with self._lock:
            if len(self._counted) < MOST_KEYS:
                for feature, sort in features:
                    key = Key(resolved.version_id, slot, tag, feature, sort)
                    self._counted[key] += 1

    def take(self) -> Mapping[Key, int]:
        """Hand over what has been counted, and begin anew."""
        with self._lock:
            taken, self._counted = self._counted, defaultdict(int)
        return taken

    def put_back(self, taken: Mapping[Key, int]) -> None:
        """Count again what could not be stored."""
        with self._lock:
            for key, calls in taken.items():
                self._counted[key] += calls


def flush_answers(answers: Answers) -> None:
    """Add what has been counted to the table.

    Raises: DatabaseError; what has been counted is then kept.
    """
    taken = answers.take()
    rows = {
        (key.version_id, _began(key.slot), *key[2:]): (calls,)
        for key, calls in taken.items()
    }
    try:
        add_rows(ModelAnswers, KEYS, ("calls",), rows)
    except BaseException:
        answers.put_back(taken)
        raise


def _began(slot: int) -> datetime:
    return datetime.fromtimestamp(slot * SLOT_S, UTC)


ANSWERS = Answers()
