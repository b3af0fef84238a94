"""Bugs to plant: each takes away one of the rules that keep runs whole.

Fences cover for each other, so that taking one away shows nothing. Where that is so the
others are down first (`others_down`): the tests pass with one fence, and fail with none.
"""

from orchestrator_site.testing.mutant import Edit, Mutant

CONDUCTOR = "flows/conductor"
POSTGRESQL = f"{CONDUCTOR}/postgresql/sections.py"
SQLITE = f"{CONDUCTOR}/sqlite/commit.py"
MIGRATION = "flows/migrations/0001_initial.py"
PROPAGATION = "flows/engine/propagation.py"

CONDUCTOR_TESTS = "tests/flows/conductor"
RECOVERY = f"{CONDUCTOR_TESTS}/test_recovery.py"
SLOTS = f"{CONDUCTOR_TESTS}/test_slots.py"
ENGINE = "tests/flows/engine"
RULES = "tests/flows/rules"
RECORD = f"{RULES}/test_record_rules.py"

BOTH = ("postgresql", "sqlite")
KEY = "(run_id, address, attempt)"
LONGER_KEY = "(run_id, address, attempt, seq)"
OPEN_STATES = "('pending', 'running', 'waiting', 'in_doubt', 'detached')"


def _fence(*, epoch: bool = False, seq: bool = False) -> tuple[Edit, ...]:
    """The fence of a joined commit on both databases, reduced to these parts."""
    postgresql = "r.id = b.id"
    postgresql += " AND r.epoch = b.epoch" if epoch else ""
    postgresql += " AND r.seq = b.old_seq" if seq else ""
    return (
        Edit(
            POSTGRESQL,
            "r.id = b.id AND r.epoch = b.epoch AND r.seq = b.old_seq",
            postgresql,
        ),
        Edit(
            POSTGRESQL,
            "    AND (r.owner_id = %s) IS TRUE\n",
            "    AND (%s)::uuid IS NOT NULL\n",
        ),
        Edit(
            SQLITE,
            "WHERE id = ? AND epoch = ? AND seq = ? AND owner_id = ?",
            f"WHERE id = ? AND {'epoch = ?' if epoch else '? >= 0'}"
            f" AND {'seq = ?' if seq else '? >= 0'} AND ? IS NOT NULL",
        ),
    )


FENCES = (
    Mutant(
        "epoch",
        _fence(),
        (
            f"{RECOVERY}::test_a_superseded_holder_changes_nothing",
            f"{RECOVERY}::test_a_fenced_run_harms_no_other_in_its_batch",
            f"{CONDUCTOR_TESTS}/test_waits.py::"
            "test_rule_27_fenced_run_leaves_no_wait_no_mail_and_no_event",
        ),
        BOTH,
        others_down=_fence(epoch=True),
    ),
    Mutant(
        "sequence-number",
        _fence(),
        (
            f"{RECOVERY}::test_the_same_commit_twice_counts_once",
            f"{RULES}/test_lease_rules.py::"
            "test_rule_27_commit_that_is_repeated_counts_once_and_harms_no_other",
        ),
        BOTH,
        others_down=_fence(seq=True),
    ),
    Mutant(
        "epoch-raised-by-a-claim",
        (
            Edit(
                f"{CONDUCTOR}/postgresql/store.py",
                "SET owner_id = %s, epoch = epoch + 1",
                "SET owner_id = %s, epoch = epoch",
            ),
            Edit(
                f"{CONDUCTOR}/sqlite/store.py",
                "SET owner_id = ?, epoch = epoch + 1",
                "SET owner_id = ?, epoch = epoch",
            ),
        ),
        (f"{RECOVERY}::test_a_superseded_holder_changes_nothing",),
        BOTH,
    ),
    Mutant(
        "unique-key",
        (
            Edit(
                MIGRATION,
                "models.CompositePrimaryKey('run_id', 'address', 'attempt',",
                "models.CompositePrimaryKey('run_id', 'address', 'attempt', 'seq',",
            ),
            Edit(POSTGRESQL, f"ON CONFLICT {KEY}", f"ON CONFLICT {LONGER_KEY}"),
            Edit(SQLITE, f"ON CONFLICT {KEY}", f"ON CONFLICT {LONGER_KEY}"),
        ),
        (f"{RECORD}::test_a_step_is_one_row_and_stays_as_it_ended",),
        BOTH,
    ),
    Mutant(
        "ended-steps-stay",
        (
            Edit(
                POSTGRESQL,
                f"  WHERE flows_step.status IN {OPEN_STATES}",
                "  WHERE true",
            ),
            Edit(SQLITE, f"WHERE flows_step.status IN {OPEN_STATES}", "WHERE true"),
        ),
        (f"{RECORD}::test_a_step_is_one_row_and_stays_as_it_ended",),
        BOTH,
    ),
    Mutant(
        "lost-answer-is-asked-for",
        (
            Edit(
                f"{CONDUCTOR}/flushing.py",
                "if part is None or self._has_landed(part):",
                "if part is None:",
            ),
        ),
        (f"{RECOVERY}::test_a_lost_answer_to_a_commit_is_no_second_commit",),
        BOTH,
    ),
)

NETS = (
    Mutant(
        "look-after-letting-go",
        (
            Edit(
                f"{CONDUCTOR}/loop.py",
                "            has_mail = True  # let go, then look at the inbox again\n",
                "",
            ),
        ),
        (f"{RULES}/test_lease_rules.py", "-k", "rule_21"),
        BOTH,
    ),
    Mutant(
        "death-certificate",
        (
            Edit(
                f"{CONDUCTOR}/lease.py",
                "if silent_s > LEASE_S or certificate.is_issued():",
                "if silent_s > LEASE_S:",
            ),
        ),
        (f"{RULES}/test_lease_rules.py", "-k", "rule_25"),
        BOTH,
    ),
    Mutant(
        "self-fence",
        (
            Edit(
                f"{CONDUCTOR}/lease.py",
                "return time.monotonic() - self._last_good < LEASE_S / 2",
                "return True",
            ),
        ),
        (f"{CONDUCTOR_TESTS}/test_fetching.py", "-k", "rule_26"),
    ),
    Mutant(
        "last-look-before-a-request",
        (Edit(f"{CONDUCTOR}/fetching.py", "if not may_send():", "if False:"),),
        (f"{CONDUCTOR_TESTS}/test_fetching.py", "-k", "rule_26"),
    ),
    Mutant(
        "answers-of-one-attempt",
        (
            Edit(
                f"{CONDUCTOR}/mail.py",
                '{"retry", "timer", "remote", "resolve"}',
                '{"retry", "timer", "remote"}',
            ),
        ),
        (f"{CONDUCTOR_TESTS}/test_requests.py", "-k", "counts_for_no_other"),
    ),
    Mutant(
        "crashes-counted",
        (
            Edit(
                f"{CONDUCTOR}/taking.py",
                "claimed.crashes > CRASHES_ALLOWED",
                "claimed.crashes > 9999",
            ),
        ),
        (f"{RECOVERY}::test_a_run_that_took_three_workers_down_is_set_aside",),
    ),
    Mutant(
        "silence-by-the-listeners-clock",
        (
            Edit(
                f"{CONDUCTOR}/pulse.py",
                "return {worker_id: now - beat.seen for worker_id, beat in heard.items()}",
                "return dict.fromkeys(heard, 3600.0)",
            ),
        ),
        (f"{CONDUCTOR_TESTS}/test_clock.py",),
    ),
)

EFFECTS = (
    Mutant(
        "flush-before-effect",
        (
            Edit(
                f"{CONDUCTOR}/loop.py",
                "        self._flush()\n        self._launch()\n",
                "        self._launch()\n        self._flush()\n",
            ),
        ),
        (f"{RULES}/test_effect_rules.py", "-k", "rule_38"),
        BOTH,
    ),
    Mutant(
        "intent-before-the-call",
        (
            Edit(
                f"{CONDUCTOR}/advancing.py",
                "            # The intent is stored before the call, so that a crash leaves a"
                " doubt.\n            stage_started(run, address, timezone.now())\n",
                "            pass\n",
            ),
        ),
        (f"{CONDUCTOR_TESTS}/test_doubt.py",),
    ),
    Mutant(
        "doubt-instead-of-a-second-call",
        (
            Edit(
                f"{CONDUCTOR}/taking.py",
                '        if run.node(address).effect != "at_most_once":\n',
                "        if address:\n",
            ),
        ),
        (f"{CONDUCTOR_TESTS}/test_doubt.py",),
    ),
    Mutant(
        "one-key-for-all-attempts",
        (
            Edit(
                f"{CONDUCTOR}/held.py",
                'return f"{self._id_text}/{address}"',
                'return f"{self._id_text}/{address}#{self.attempt(address)}"',
            ),
        ),
        (RECORD, "-k", "rule_9"),
    ),
    Mutant(
        "one-child-for-a-step",
        (
            Edit(
                f"{CONDUCTOR}/children.py",
                'return uuid5(run.id, f"{address}#{run.attempt(address)}")',
                'return uuid5(run.id, f"{address}#{run.epoch}")',
            ),
        ),
        (RECORD, "-k", "rule_19"),
    ),
    Mutant(
        "further-attempt-recorded",
        (
            Edit(
                f"{CONDUCTOR}/ending.py",
                "    stage_started(run, address, timezone.now())\n    run.agenda",
                "    run.agenda",
            ),
        ),
        (f"{CONDUCTOR_TESTS}/test_retrying.py",),
    ),
    Mutant(
        "idempotent-start",
        (
            Edit(
                "flows/services/runs.py",
                "    if key is None:\n        return None\n",
                "    return None\n",
            ),
        ),
        ("tests/flows/api/test_runs.py", "-k", "same_key"),
    ),
    Mutant(
        "idempotent-start-at-once",
        (
            Edit(
                MIGRATION,
                "models.UniqueConstraint(fields=('workspace', 'idempotency_key'),",
                "models.UniqueConstraint(fields=('workspace', 'idempotency_key', 'id'),",
            ),
        ),
        (f"{RECORD}::test_one_key_starts_one_run_even_at_the_same_moment",),
        BOTH,
    ),
)

CONTROL_FLOW = (
    Mutant(
        "withdrawal-at-a-rounds-end",
        (
            Edit(
                PROPAGATION,
                "            self._withdrawal.close(scope)\n            self._next_round",
                "            scope.is_over = True\n            self._next_round",
            ),
        ),
        (ENGINE, RECORD, "-k", "rule_10"),
        BOTH,
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
        "ways-out-when-the-loop-settles",
        (
            Edit(
                PROPAGATION,
                "            scope.exits.append((way, taken, source))\n",
                "            outer = way._replace(levels=way.levels - 1)\n"
                "            self._send(scope.parent or scope, outer, source, taken=taken)\n",
            ),
        ),
        (f"{ENGINE}/test_loops.py", "-k", "rule_6"),
    ),
    Mutant(
        "slot-freed-at-the-end",
        (
            Edit(
                POSTGRESQL,
                "  WHERE s.run_id = moved.id AND (moved.is_over OR moved.frees_slot)\n",
                "  WHERE s.run_id = moved.id AND moved.frees_slot AND NOT moved.is_over\n",
            ),
            Edit(
                SQLITE,
                "    if part.ended_at or part.frees_slot:\n",
                "    if part.frees_slot:\n",
            ),
        ),
        (f"{SLOTS}::test_rule_51_slots_pass_on_in_order_as_runs_end",),
        BOTH,
    ),
    Mutant(
        "waits-closed-with-their-step",
        (
            Edit(
                f"{CONDUCTOR}/rows.py",
                "        self.waits_closed.append(address)\n",
                "",
            ),
        ),
        (RECORD, "-k", "rule_10"),
        BOTH,
    ),
    Mutant(
        "pause-kept-over-a-crash",
        (
            Edit(
                f"{CONDUCTOR}/rows.py",
                "            self.paused_by,\n",
                '            self.paused_by if self.status == "paused" else "",\n',
            ),
            Edit(
                SQLITE,
                "        part.paused_by,\n        part.started_at,\n        part.paused_by,\n",
                '        part.paused_by if part.status == "paused" else "",\n'
                '        part.started_at,\n        part.paused_by if part.status == "paused" else "",\n',
            ),
        ),
        (f"{CONDUCTOR_TESTS}/test_pausing.py",),
        BOTH,
    ),
)

MUTANTS = (*FENCES, *NETS, *EFFECTS, *CONTROL_FLOW)
