"""The decision over a call, held against its rules for every combination."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from model_registry.governance import (
    NEXT,
    DataClass,
    Governance,
    RiskClass,
    Status,
    refusal,
    warning,
)

CLASSES = [each.value for each in DataClass]
DATA = st.sampled_from([None, "", "secret", *CLASSES])
LEGAL_RISKS = ["", *(r.value for r in RiskClass if r is not RiskClass.PROHIBITED)]
TODAY = date(2026, 11, 28)


@st.composite
def records(draw, statuses=tuple(Status), risks=("", *RiskClass)):
    return Governance(
        status=draw(st.sampled_from(statuses)),
        data_class=draw(st.sampled_from(["", *CLASSES])),
        risk_class=draw(st.sampled_from(risks)),
        review_by=draw(st.none() | st.dates()),
    )


approved = records(statuses=[Status.APPROVED], risks=LEGAL_RISKS)


def code(found):
    return found.code if found else None


@given(records(risks=[RiskClass.PROHIBITED]), DATA, st.booleans())
def test_prohibited_is_never_called(record, data_class, is_external):
    found = refusal(record, data_class, is_external=is_external)
    assert code(found) == "model_prohibited"


@given(
    records(
        statuses=[s for s in Status if s is not Status.APPROVED], risks=LEGAL_RISKS
    ),
    DATA,
    st.booleans(),
)
def test_only_an_approved_version_is_called(record, data_class, is_external):
    found = refusal(record, data_class, is_external=is_external)
    codes = {"draft": "model_not_approved", "suspended": "model_suspended"}
    assert code(found) == codes.get(record.status, "model_retired")
    assert record.status in found.message


@given(records(), DATA, st.booleans())
def test_drafts_are_tried_out_as_if_they_were_approved(record, data_class, is_external):
    tried = refusal(record, data_class, is_external=is_external, takes_drafts=True)
    is_draft = record.status == Status.DRAFT
    alike = replace(record, status=Status.APPROVED) if is_draft else record
    assert tried == refusal(alike, data_class, is_external=is_external)


@given(approved, st.sampled_from([None, "", "secret"]), st.booleans())
def test_data_of_an_unknown_class_never_leaves(record, data_class, is_external):
    found = refusal(record, data_class, is_external=is_external)
    assert code(found) == ("data_class_unknown" if is_external else None)


@given(approved, st.sampled_from(CLASSES), st.booleans())
def test_data_above_the_highest_class_is_refused(record, data_class, is_external):
    highest = record.data_class or ("public" if is_external else "special")
    is_above = CLASSES.index(data_class) > CLASSES.index(highest)
    found = refusal(record, data_class, is_external=is_external)
    assert code(found) == ("data_class_too_high" if is_above else None)


@given(records(), DATA)
def test_what_may_go_outside_may_stay_inside(record, data_class):
    if refusal(record, data_class, is_external=True) is None:
        assert refusal(record, data_class, is_external=False) is None


@given(approved, st.sampled_from(CLASSES), st.sampled_from(CLASSES), st.booleans())
def test_less_sensitive_data_is_never_worse(record, one, other, is_external):
    less, more = sorted((one, other), key=CLASSES.index)
    if refusal(record, more, is_external=is_external) is None:
        assert refusal(record, less, is_external=is_external) is None


@given(approved, DATA, st.booleans(), st.integers(1, 3000))
def test_overdue_review_warns_and_refuses_nothing(
    record, data_class, is_external, days
):
    due = TODAY - timedelta(days=days)
    overdue = Governance(data_class=record.data_class, status="approved", review_by=due)
    in_time = Governance(
        data_class=record.data_class, status="approved", review_by=TODAY
    )
    assert due.isoformat() in warning(overdue, TODAY)
    assert warning(in_time, TODAY) is None
    assert refusal(overdue, data_class, is_external=is_external) == refusal(
        in_time, data_class, is_external=is_external
    )


def test_model_without_a_date_is_not_overdue():
    assert warning(Governance(), TODAY) is None


def test_every_status_leads_somewhere_and_only_two_lead_to_approved():
    assert NEXT.keys() == set(Status)
    assert all(NEXT.values())
    assert {old for old, new in NEXT.items() if Status.APPROVED in new} == {
        Status.DRAFT,
        Status.SUSPENDED,
    }
