"""Making evaluation sets; once made they stay as they are."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from model_registry.errors import SetRefused, SetTaken
from model_registry.evaluations.case_files import CaseDraft, Shapes, read_cases
from model_registry.evaluations.measures import Measure, measure_of
from model_registry.facts import SLUG
from model_registry.json_values import digest
from model_registry.models import EvaluationCase, EvaluationSet, Model
from orchestrator_site.accounts.api import Workspace
from orchestrator_site.ledger.api import Subject, record

BATCH = 500
# Measures that look at one property of an answer.
TARGETED = frozenset({Measure.LABEL, Measure.SCORE, Measure.NUMBERS, Measure.RANKING})


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTerms:
    """What a set is called, and how it measures; what is empty is found.

    `data_class` says how sensitive the cases are; without it they never leave.
    """

    name: str
    source: EvaluationSet.Source = EvaluationSet.Source.UPLOAD
    measure: str = ""
    target: str = ""
    data_class: str = ""


def upload_set(
    model: Model, terms: SetTerms, content: bytes, *, is_csv: bool, actor: str
) -> EvaluationSet:
    """Make a set for the model's capability out of a file.

    Raises: CasesInvalid with all problems by line; SetRefused; SetTaken.
    """
    shapes = Shapes(input=model.input_schema, output=model.output_schema)
    cases = read_cases(content, shapes, is_csv=is_csv)
    return make_set(model.workspace, model.capability, terms, cases, actor=actor)


@transaction.atomic
def make_set(
    workspace: Workspace,
    capability: str,
    terms: SetTerms,
    cases: Sequence[CaseDraft],
    *,
    actor: str,
) -> EvaluationSet:
    """Make a set out of cases that were checked. Raises: SetRefused, SetTaken."""
    if not re.fullmatch(SLUG, terms.name):
        raise SetRefused(
            f"{terms.name!r} cannot be a set's name: use small letters, digits, - and _."
        )
    if not cases:
        raise SetRefused("There is no case for the set.")
    measure = _measure(terms.measure, capability)
    made = _insert(
        EvaluationSet(
            workspace=workspace,
            name=terms.name,
            capability=capability,
            source=terms.source,
            measure=measure,
            target=_target(measure, terms.target, cases),
            data_class=terms.data_class,
            case_count=len(cases),
            digest=digest([[c.input, c.expected, list(c.tags)] for c in cases]),
            created_by=actor,
        )
    )
    rows = (
        EvaluationCase(
            evaluation_set=made,
            number=number,
            input=case.input,
            expected=case.expected,
            tags=list(case.tags),
        )
        for number, case in enumerate(cases, 1)
    )
    EvaluationCase.objects.bulk_create(rows, batch_size=BATCH)
    _record(made, "evaluation.set_made", actor)
    return made


@transaction.atomic
def delete_set(found: EvaluationSet, *, actor: str) -> None:
    """Delete a set that no version was evaluated on. Raises: SetRefused."""
    _record(found, "evaluation.set_deleted", actor)
    try:
        found.delete()
    except ProtectedError:
        raise SetRefused(
            f"{found.name} stays: versions were evaluated on it, or an alias asks for it."
        ) from None


def _measure(stated: str, capability: str) -> Measure:
    if not stated:
        return measure_of(capability)
    try:
        return Measure(stated)
    except ValueError:
        known = ", ".join(Measure)
        raise SetRefused(
            f"There is no measure {stated!r}. There are {known}."
        ) from None


def _target(measure: Measure, stated: str, cases: Sequence[CaseDraft]) -> str:
    """The property that is looked at: the stated one, or the only one there is."""
    if measure not in TARGETED:
        return ""
    common = set(cases[0].expected).intersection(*(case.expected for case in cases))
    if stated and stated not in common:
        line = next(case.line for case in cases if stated not in case.expected)
        raise SetRefused(f"line {line}: expected has no {stated!r}.")
    if not stated and len(common) != 1:
        found = ", ".join(sorted(common)) or "none"
        raise SetRefused(
            f"Say which property of the answer is measured. All cases have: {found}."
        )
    target = stated or common.pop()
    if measure is Measure.SCORE:
        _ask_for_truths(target, cases)
    return target


def _ask_for_truths(target: str, cases: Sequence[CaseDraft]) -> None:
    for case in cases:
        if case.expected[target] not in (True, False):
            raise SetRefused(
                f"line {case.line}: expected.{target} has to be true or false, for "
                "scores to be measured by."
            )


def _insert(made: EvaluationSet) -> EvaluationSet:
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        there = EvaluationSet.objects.in_workspace(made.workspace).get(name=made.name)
        is_same = _sense(there) == _sense(made)
        raise SetTaken(made.name, is_same=is_same) from None
    return made


def _sense(found: EvaluationSet) -> tuple[str, ...]:
    """What two sets have in common that measure the same."""
    return (
        found.capability,
        found.digest,
        found.measure,
        found.target,
        found.data_class,
    )


def _record(found: EvaluationSet, kind: str, actor: str) -> None:
    data = {
        "name": found.name,
        "capability": found.capability,
        "cases": found.case_count,
        "digest": found.digest,
    }
    record(
        workspace_id=found.workspace_id,
        subject=Subject("evaluation_set", found.pk),
        kind=kind,
        actor=actor,
        data=data,
    )
