import re

import pytest
from django.urls import reverse

from approvals.models import Approval, ApprovalState, Decision
from approvals.services.claiming import claim
from approvals.services.deciding import Reason, decide
from approvals.services.opening import withdraw_run
from orchestrator_site.accounts.roles import Role
from orchestrator_site.ledger.models import Event
from tests.factories.accounts import make_workspace
from tests.factories.approvals import (
    ANSWER,
    MESSAGE,
    make_approval,
    make_reviewer,
    make_verdict,
)

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true"}
READING = ("queue", "review", "status")
CHANGING = ("decision", "claim", "release")


@pytest.fixture
def workspace():
    return make_workspace()


@pytest.fixture
def approval(workspace):
    return make_approval(workspace=workspace)


@pytest.fixture
def mara(workspace, client):
    reviewer = make_reviewer(workspace, name="Mara Ibsen")
    client.force_login(reviewer.user)
    return reviewer


@pytest.fixture
def theo(workspace):
    return make_reviewer(workspace)


def address(name, approval):
    return reverse(f"approvals:{name}", args=[] if name == "queue" else [approval.pk])


def look(client, approval, **query):
    return client.get(address("review", approval), query)


def send(client, approval, *, part=True, **values):
    values = {
        "outcome": "approved",
        "content_hash": approval.content_hash,
        "idempotency_key": "k1",
        "field-answer": ANSWER,
        **values,
    }
    headers = PART if part else {}
    return client.post(address("decision", approval), values, headers=headers)


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


def snapshot():
    return (
        list(Approval.objects.order_by("pk").values()),
        list(Decision.objects.values()),
        Event.objects.count(),
    )


def test_page_shows_what_is_asked_and_what_is_proposed(client, mara, approval):
    response = look(client, approval)
    assert MESSAGE in words(response)
    assert ANSWER in response.text
    assert f'value="{approval.content_hash}"' in response.text


def test_looking_changes_nothing(client, mara, theo, approval):
    claim(approval.pk, principal=theo)
    before = snapshot()
    for name in READING:
        for headers in ({}, PART):
            client.get(address(name, approval), headers=headers)
            client.head(address(name, approval), headers=headers)
    for name in CHANGING:
        assert client.get(address(name, approval)).status_code == 405
    assert snapshot() == before


def test_other_workspaces_are_not_found(client, mara):
    foreign = make_approval()
    for name in READING[1:]:
        assert client.get(address(name, foreign)).status_code == 404
    assert send(client, foreign).status_code == 404
    for name in CHANGING[1:]:
        assert client.post(address(name, foreign)).status_code == 404


def test_decision_leads_on_to_the_next_that_waits(client, mara, workspace, approval):
    following = make_approval(workspace=workspace)
    response = send(client, approval)
    assert response.headers["HX-Redirect"] == address("review", following)
    assert f"Approved: {approval.title}" in words(look(client, following))


def test_decision_works_without_scripts(client, mara, approval):
    response = send(client, approval, part=False, dwell_ms="1200")
    assert (response.status_code, response.url) == (302, reverse("approvals:queue"))
    decision = Decision.objects.get()
    assert (decision.outcome, decision.dwell_ms) == ("approved", 1200)


def test_edit_keeps_line_ends_of_the_proposal(client, mara, workspace):
    approval = make_approval(workspace=workspace, fields={"answer": "One\nTwo"})
    send(client, approval, **{"field-answer": "One\r\nTwo"})
    assert Decision.objects.get().outcome == "approved"


def test_edit_is_shown_to_whoever_looks_later(client, mara, approval):
    send(client, approval, **{"field-answer": "A new shade is on its way."})
    response = look(client, approval)
    assert "Mara Ibsen approved this with changes" in words(response)
    assert f"<del>{ANSWER}</del>" in response.text
    assert "<ins>A new shade is on its way.</ins>" in response.text


def test_edit_that_does_not_fit_is_kept_and_marked(client, mara, approval):
    response = send(client, approval, **{"field-answer": "x" * 2001})
    assert response.status_code == 422
    assert "x" * 2001 in response.text
    assert 'aria-invalid="true"' in response.text
    assert "1 field to mend" in words(response)
    assert "is longer than 2000 characters" in words(response)


def test_proposal_without_a_text_has_to_be_given_one(client, mara, workspace):
    approval = make_approval(workspace=workspace, fields={"answer": None})
    response = send(client, approval, **{"field-answer": ""})
    assert response.status_code == 422
    assert "Enter something here." in words(response)
    assert send(client, approval, **{"field-answer": "Sent."}).status_code == 200
    assert Decision.objects.get().outcome == "edited"


def test_rejection_carries_its_reason(client, mara, approval):
    send(
        client, approval, outcome="rejected", reason_code="off_topic", reason_text="No"
    )
    assert "Mara Ibsen rejected this" in words(look(client, approval))
    assert ": No" in words(look(client, approval))


def test_rejection_without_reason_asks_for_one(client, mara, approval):
    response = send(client, approval, outcome="rejected")
    assert response.status_code == 422
    assert "data-dialog-open" in response.text
    assert "data-dialog-open" in look(client, approval, reject="1").text


def test_decision_too_late_names_the_winner_and_keeps_the_text(
    client, mara, theo, approval
):
    decide(approval.pk, make_verdict(approval), principal=theo)
    response = send(client, approval, **{"field-answer": "Typed with care."})
    assert response.status_code == 409
    assert "Theo Okafor approved this" in words(response)
    assert "Typed with care." in response.text
    assert 'id="approve"' not in response.text


def test_decision_about_another_proposal_is_refused(client, mara, approval):
    response = send(client, approval, content_hash="sha256:1", **{"field-answer": "My"})
    assert response.status_code == 412
    assert "The proposal has changed since you saw it." in words(response)
    assert "My" in response.text
    assert not Decision.objects.exists()


def test_claim_of_another_offers_to_take_over(client, mara, theo, approval):
    claim(approval.pk, principal=theo)
    assert "Take over from Theo Okafor" in words(look(client, approval))
    assert send(client, approval).status_code == 409
    taken = {"take_from": theo.actor}
    response = client.post(address("claim", approval), taken, headers=PART)
    assert "Claimed by you" in words(response)
    assert send(client, approval).status_code == 200


def test_claim_and_release_answer_with_the_changed_parts(client, mara, approval):
    response = client.post(address("claim", approval), headers=PART)
    assert response.text.count('hx-swap-oob="true"') == 2
    assert "Release" in words(response)
    response = client.post(address("release", approval), headers=PART)
    assert "Claim" in words(response)
    assert Approval.objects.get().state == ApprovalState.READY


def test_withdrawn_approval_says_so(client, mara, approval):
    withdraw_run(approval.run_id, reason="run_cancelled")
    assert "no longer waits" in words(look(client, approval))
    response = client.get(address("status", approval), headers=PART)
    assert 'data-open="false"' in response.text


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SERVICE])
def test_nobody_decides_about_their_own_run(client, workspace, role):
    person = make_reviewer(workspace, role=role)
    client.force_login(person.user)
    everybody = tuple(each.value for each in Role)
    approval = make_approval(
        workspace=workspace,
        started_by=person.actor,
        exclude_starter=True,
        roles=everybody,
    )
    assert 'id="approve"' not in look(client, approval).text
    for part in (True, False):
        assert send(client, approval, part=part).status_code == 403
        rejected = {"outcome": "rejected", "reason_code": "wrong_tone"}
        assert send(client, approval, part=part, **rejected).status_code == 403
    assert client.post(address("claim", approval)).status_code in (302, 403)
    assert Approval.objects.get().state == ApprovalState.READY


def test_viewer_reads_and_is_told_why_not_more(client, workspace, approval):
    client.force_login(make_reviewer(workspace, role=Role.VIEWER).user)
    response = look(client, approval)
    assert "Your role does not include deciding." in words(response)
    assert 'id="approve"' not in response.text


def test_sentences_that_the_proposal_takes_over_are_marked(client, mara, workspace):
    shown = {
        "message": "Hello",
        "policy": ["We send a new shade. It is free of charge."],
    }
    fields = {"answer": "Good news: We send a new shade."}
    approval = make_approval(workspace=workspace, shown=shown, fields=fields)
    assert "<mark>We send a new shade.</mark>" in look(client, approval).text


def test_content_is_escaped(client, mara, workspace):
    bad = "<script>alert(1)</script>"
    approval = make_approval(
        workspace=workspace, title=bad, shown={bad: bad, "x": {"y": bad}}
    )
    assert bad not in look(client, approval).text


@pytest.mark.parametrize("is_decided", [False, True])
def test_page_needs_few_queries(
    client, mara, theo, workspace, is_decided, django_assert_max_num_queries
):
    approval = make_approval(
        workspace=workspace,
        shown={"text": "long " * 2000},
        fields={"answer": "long " * 1000},
        schema={"type": "object"},
    )
    if is_decided:
        verdict = make_verdict(
            approval, outcome="rejected", reason=Reason("other", "long " * 1000)
        )
        decide(approval.pk, verdict, principal=theo)
    else:
        claim(approval.pk, principal=theo)
    with django_assert_max_num_queries(15):
        assert look(client, approval).status_code == 200
