"""Bugs to plant: each takes away one of the rules that keep runs whole.

Where two fences cover for each other, the other one is down already.
"""

from typing import NamedTuple

POSTGRESQL = "flows/conductor/postgresql/commit.py"
SQLITE = "flows/conductor/sqlite/commit.py"
RECOVERY = "tests/flows/conductor/test_recovery.py"
ENGINE = "tests/flows/engine"
KEY = "(run_id, address, attempt)"
LONGER_KEY = "(run_id, address, attempt, seq)"


class Edit(NamedTuple):
    """A text that stands once in a file, and what takes its place."""

    path: str
    text: str
    instead: str


class Mutant(NamedTuple):
    """A bug, and the tests that have to notice it on `database`."""

    name: str
    edits: tuple[Edit, ...]
    tests: tuple[str, ...]
    database: str = "postgresql"


MUTANTS = (
    Mutant(
        "epoch",
        (
            Edit(
                POSTGRESQL,
                "WHERE r.id = b.id AND r.epoch = b.epoch AND r.seq = b.old_seq",
                "WHERE r.id = b.id",
            ),
            Edit(
                POSTGRESQL,
                "    AND (r.owner_id = %s) IS TRUE\n",
                "    AND (%s)::uuid IS NOT NULL\n",
            ),
        ),
        (f"{RECOVERY}::test_a_superseded_holder_changes_nothing",),
    ),
    Mutant(
        "epoch-sqlite",
        (
            Edit(
                SQLITE,
                "WHERE id = ? AND epoch = ? AND seq = ? AND owner_id = ?",
                "WHERE id = ? AND ? >= 0 AND ? >= 0 AND ? IS NOT NULL",
            ),
        ),
        (f"{RECOVERY}::test_a_superseded_holder_changes_nothing",),
        "sqlite",
    ),
    Mutant(
        "sequence-number",
        (
            Edit(
                POSTGRESQL,
                "r.epoch = b.epoch AND r.seq = b.old_seq",
                "true",
            ),
        ),
        (f"{RECOVERY}::test_the_same_commit_twice_counts_once",),
    ),
    Mutant(
        "sequence-number-sqlite",
        (
            Edit(
                SQLITE,
                "WHERE id = ? AND epoch = ? AND seq = ? AND owner_id = ?",
                "WHERE id = ? AND ? >= 0 AND ? >= 0 AND owner_id = ?",
            ),
        ),
        (f"{RECOVERY}::test_the_same_commit_twice_counts_once",),
        "sqlite",
    ),
    Mutant(
        "unique-key",
        (
            Edit(
                "flows/migrations/0001_initial.py",
                "models.CompositePrimaryKey('run_id', 'address', 'attempt',",
                "models.CompositePrimaryKey('run_id', 'address', 'attempt', 'seq',",
            ),
            Edit(POSTGRESQL, f"ON CONFLICT {KEY}", f"ON CONFLICT {LONGER_KEY}"),
            Edit(SQLITE, f"ON CONFLICT {KEY}", f"ON CONFLICT {LONGER_KEY}"),
        ),
        ("tests/flows/conductor/test_apart.py", "-k", "rule_15"),
    ),
    Mutant(
        "look-after-letting-go",
        (
            Edit(
                "flows/conductor/loop.py",
                "            has_mail = True  # let go, then look at the inbox again\n",
                "",
            ),
        ),
        ("tests/flows/rules/test_lease_rules.py", "-k", "rule_21"),
    ),
    Mutant(
        "flush-before-effect",
        (
            Edit(
                "flows/conductor/loop.py",
                "        self._flush()\n        self._launch()\n",
                "        self._launch()\n        self._flush()\n",
            ),
        ),
        ("tests/flows/rules/test_effect_rules.py", "-k", "rule_38"),
    ),
    Mutant(
        "withdrawal-at-a-rounds-end",
        (
            Edit(
                "flows/engine/propagation.py",
                "            self._withdrawal.close(scope)\n            self._next_round",
                "            scope.is_over = True\n            self._next_round",
            ),
        ),
        (ENGINE, "-k", "rule_10"),
    ),
    Mutant(
        "dead-path",
        (
            Edit(
                "flows/engine/joins.py",
                "Verdict.DEAD if dead == ways_in else Verdict.OPEN",
                "Verdict.OPEN",
            ),
        ),
        (f"{ENGINE}/test_plan.py",),
    ),
    Mutant(
        "slot-freed-at-the-end",
        (
            Edit(
                POSTGRESQL,
                "  WHERE s.run_id = moved.id AND (moved.is_over OR moved.frees_slot)\n",
                "  WHERE s.run_id = moved.id AND moved.frees_slot AND NOT moved.is_over\n",
            ),
        ),
        ("tests/flows/conductor/test_slots.py",),
    ),
    Mutant(
        "waits-closed-with-their-step",
        (
            Edit(
                "flows/conductor/rows.py",
                "        self.waits_closed.append(address)\n",
                "",
            ),
        ),
        ("tests/flows/conductor/test_constructs.py", "-k", "given_up_goes"),
    ),
    Mutant(
        "doubt-instead-of-a-second-call",
        (
            Edit(
                "flows/conductor/taking.py",
                '        if run.node(address).effect != "at_most_once":\n',
                "        if address:\n",
            ),
        ),
        (
            "tests/flows/conductor/test_fetching.py",
            "tests/flows/conductor/test_doubt.py",
        ),
    ),
    Mutant(
        "idempotent-start",
        (
            Edit(
                "flows/services/runs.py",
                "    if request.idempotency_key is None:\n        return None\n",
                "    return None\n",
            ),
        ),
        ("tests/flows/api/test_runs.py", "-k", "same_key"),
    ),
)
