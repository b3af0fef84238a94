"""Verdicts of reviewers are counted for the version whose answer they were about."""

from datetime import timedelta

import pytest
from django.utils import timezone

from approvals.api import Reason
from flows.services.reviewing import count_reviews
from model_registry.api import get_model
from tests.flows.services.asking import answer, asking_flow, parked

pytestmark = pytest.mark.both_databases
PROPOSED = {"proposal": {"values": {"text": "steps.model.text", "why": "input.text"}}}


@pytest.fixture
def since():
    return timezone.now() - timedelta(days=1)


def test_only_what_was_approved_as_it_was_counts_as_right(live_conductor, since):
    flow = asking_flow()
    edited, kept, refused = (parked(flow, text) for text in ("one", "two", "three"))
    answer(edited, fields={"answer": "ONE"})
    answer(kept)
    answer(refused, outcome="rejected", reason=Reason("other", "No."))
    parked(flow, "four")
    model = get_model(flow.workspace, "echo")
    found = count_reviews(model, since)  # two rows, if an hour began meanwhile
    assert {(each.version, each.tag) for each in found} == {(1, flow.slug)}
    assert (sum(each.right for each in found), sum(each.of for each in found)) == (1, 3)
    assert all(since < each.at <= timezone.now() for each in found)
    assert all(each.at.minute == each.at.second == 0 for each in found)
    assert count_reviews(model, timezone.now() + timedelta(hours=1)) == []


@pytest.mark.parametrize(("field", "found"), [("text", 1), ("why", 0)])
def test_answers_are_followed_through_transforms(live_conductor, since, field, found):
    flow = asking_flow(
        "in -> model -> proposal -> ask:approved -> out1, ask:rejected -> out2",
        **PROPOSED,
        ask={"title": "Reply", "edit": {"answer": f"steps.proposal.{field}"}},
    )
    answer(parked(flow, "one"))
    model = get_model(flow.workspace, "echo")
    assert sum(each.of for each in count_reviews(model, since)) == found


def test_decisions_are_counted_in_a_few_queries(
    live_conductor, since, django_assert_max_num_queries
):
    flow = asking_flow()
    for text in ("one", "two"):
        answer(parked(flow, text))
    model = get_model(flow.workspace, "echo")
    count_reviews(model, since)  # compiles the version, once
    with django_assert_max_num_queries(4):
        count_reviews(model, since)
