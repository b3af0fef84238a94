from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from model_registry.facts import GovernanceRecord
from model_registry.models import AliasMove
from model_registry.services.aliases import move_alias
from model_registry.services.describing import describe, govern
from orchestrator_site.accounts.roles import Role
from tests.factories.accounts import make_membership, make_user, make_workspace
from tests.factories.models import make_draft, make_model_version, make_person

pytestmark = pytest.mark.django_db
TABS = ("model", "card", "schemas", "history")


@pytest.fixture
def workspace():
    return make_workspace()


@pytest.fixture
def log_in(client, workspace):
    """Log a new member in; gives the membership."""

    def enter(role=Role.OWNER, name="Mara Ibsen"):
        member = make_membership(
            workspace=workspace, role=role, user=make_user(name=name)
        )
        client.force_login(member.user)
        return member

    return enter


@pytest.fixture
def look(client):
    def open_(page, *args, **query):
        response = client.get(reverse(f"models:{page}", args=args), query)
        assert response.status_code == 200
        return " ".join(response.text.split())

    return open_


@pytest.fixture
def send(client):
    def post(page, *args, **data):
        return client.post(reverse(f"models:{page}", args=args), data)

    return post


def actor(member):
    return f"user:{member.user_id}"


def standing(version):
    return type(version).objects.get(pk=version.pk).standing


@pytest.mark.parametrize("tab", TABS)
def test_model_of_another_workspace_is_not_there(client, log_in, tab):
    make_draft(model="elsewhere")
    log_in()
    url = reverse(f"models:{tab}", args=["elsewhere"])
    assert client.get(url).status_code == 404


def test_overview_shows_what_is_on_record(log_in, look, workspace):
    log_in()
    version = make_draft(
        workspace=workspace,
        model="shop",
        description="Sorts mail.",
        tags=["eu"],
        prices=[{"valid_from": "2026-01-01", "input_usd_per_million": "0.25"}],
    )
    soon = timezone.localdate() + timedelta(days=3)
    record = GovernanceRecord(
        provider="Fjord AI", data_class="internal", review_by=soon
    )
    govern(version.model, record, actor="system:test")
    text = look("model", "shop")
    for words in ("Sorts mail.", "Fjord AI", "in 3 days", "$0.25 / $0.00", "?tag=eu"):
        assert words in text
    assert '<li class="models-scale-highest">internal</li>' in text
    assert '<li class="models-scale-beyond">personal</li>' in text


@pytest.mark.parametrize("count", [1, 6])
def test_overview_takes_the_same_queries_for_any_number_of_versions(
    log_in, look, workspace, count, django_assert_num_queries
):
    member = log_in()
    for n in range(count):
        make_draft(
            workspace=workspace,
            model="shop",
            actor=actor(member),
            settings={"entry_point": "echo", "options": {"n": n}},
        )
    with django_assert_num_queries(26):
        look("model", "shop")


def test_only_what_the_role_includes_is_offered(log_in, look, workspace):
    make_draft(workspace=workspace, model="shop")
    offers = {
        Role.VIEWER: set(),
        Role.BUILDER: {"Add version", "Set a price"},
        Role.PUBLISHER: {"Approve v1", "Move alias", "Retire"},
        Role.OWNER: {
            "Add version",
            "Set a price",
            "Approve v1",
            "Move alias",
            "Retire",
        },
    }
    every = offers[Role.OWNER]
    for role, offered in offers.items():
        log_in(role)
        text = look("model", "shop")
        assert {words for words in every if words in text} == offered, role


@pytest.mark.parametrize(
    ("role", "page", "args"),
    [
        (Role.BUILDER, "standing", (1, "approved")),
        (Role.BUILDER, "govern", ()),
        (Role.BUILDER, "move_alias", ()),
        (Role.PUBLISHER, "edit", ()),
        (Role.PUBLISHER, "new_version", ()),
        (Role.PUBLISHER, "set_price", (1,)),
    ],
)
def test_changes_are_refused_without_their_permission(
    client, log_in, workspace, role, page, args
):
    make_draft(workspace=workspace, model="shop")
    log_in(role)
    url = reverse(f"models:{page}", args=["shop", *args])
    assert client.get(url).status_code == 403
    assert client.post(url, {"reason": "So."}).status_code == 403


def test_second_person_approves(log_in, look, send, workspace):
    theo = log_in(Role.BUILDER, "Theo Okafor")
    version = make_draft(workspace=workspace, model="shop", actor=actor(theo))
    mara = log_in(Role.PUBLISHER)
    assert "Theo Okafor registered it." in look("model", "shop")
    response = send("standing", "shop", 1, "approved", reason="Measured.")
    assert response.status_code == 302
    now = standing(version)
    assert (now.status, now.changed_by, now.reason) == (
        "approved",
        actor(mara),
        "Measured.",
    )


def test_own_version_is_left_to_somebody_else(log_in, look, send, workspace):
    mara = log_in()
    version = make_draft(workspace=workspace, model="shop", actor=actor(mara))
    text = look("model", "shop")
    assert "You registered it, so someone else approves it." in text
    assert "Approve v1" not in text
    response = send("standing", "shop", 1, "approved", reason="Mine.")
    assert response.status_code == 403
    assert "Somebody else has to approve it." in response.text
    assert standing(version).status == "draft"


def test_standing_needs_a_reason_and_a_way(log_in, send, workspace):
    log_in()
    version = make_draft(workspace=workspace, model="shop")
    response = send("standing", "shop", 1, "approved", reason=" ")
    assert response.status_code == 422
    assert "Say why, in a few words." in response.text
    response = send("standing", "shop", 1, "suspended", reason="Why not.")
    assert response.status_code == 409
    assert send("standing", "shop", 1, "perfect", reason="So.").status_code == 404
    assert standing(version).status == "draft"


def test_alias_is_moved_with_its_reason(log_in, look, send, workspace):
    mara = log_in()
    make_model_version(workspace=workspace, model="shop")
    make_draft(workspace=workspace, model="shop", runs="cpu", alias=None)
    response = send("move_alias", "shop", alias="champion", version=2, reason="Better.")
    assert response.status_code == 302
    last = AliasMove.objects.first()
    assert (last.new.number, last.moved_by, last.reason) == (2, actor(mara), "Better.")
    assert "v1 to v2" in look("model", "shop")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"alias": "Champion!"}, "Use small letters"),
        ({"version": 7}, "Select a valid choice"),
        ({"reason": ""}, "Say why"),
    ],
)
def test_move_says_at_the_field_what_is_wrong(log_in, send, workspace, given, said):
    log_in()
    make_model_version(workspace=workspace, model="shop")
    asked = {"alias": "champion", "version": 1, "reason": "So.", **given}
    response = send("move_alias", "shop", **asked)
    assert response.status_code == 422
    assert said in response.text


def test_history_says_which_version_was_live_when(log_in, look, workspace):
    log_in()
    make_model_version(workspace=workspace, model="shop")
    second = make_model_version(
        workspace=workspace, model="shop", runs="cpu", alias=None
    )
    move_alias(workspace, "shop", "champion", 2, actor="system:cli", reason="Faster.")
    AliasMove.objects.filter(new=second).update(at="2026-06-01T12:00Z")
    AliasMove.objects.exclude(new=second).update(at="2026-01-01T12:00Z")
    answers = {
        "2026-06-01T12:01+00:00": "champion was <b>v2</b>.",
        "2026-05-31T12:00+00:00": "champion was <b>v1</b>.",
        "2025-01-01T00:00+00:00": "There was no champion yet.",
    }
    for moment, said in answers.items():
        assert said in look("history", "shop", alias="champion", at=moment)
    text = look("history", "shop", alias="champion", at="yesterday")
    assert "The command line" in text
    assert "Faster." in text
    assert "was <b>" not in text


def test_price_is_set_once_for_a_moment(log_in, look, send, workspace):
    log_in()
    make_draft(workspace=workspace, model="shop")
    asked = {
        "valid_from": "2026-01-01T00:00",
        "input_usd_per_million": "0.5",
        "output_usd_per_million": "2",
        "usd_micros_per_call": "1000",
    }
    assert send("set_price", "shop", 1, **asked).status_code == 302
    assert "$0.50" in look("version", "shop", 1)
    response = send("set_price", "shop", 1, **{**asked, "usd_micros_per_call": "9"})
    assert response.status_code == 422
    assert "A price never changes" in response.text


def test_version_shows_how_it_is_called(log_in, look, workspace):
    log_in()
    options = {"words": ["<b>bold</b>"]}
    make_draft(
        workspace=workspace,
        model="shop",
        settings={"entry_point": "echo", "options": options},
    )
    text = look("version", "shop", 1)
    assert "python_entry_point" in text
    assert "&lt;b&gt;bold&lt;/b&gt;" in text
    assert "model: shop" in text  # the manifest


def test_versions_stand_side_by_side(client, log_in, look, workspace):
    log_in()
    old = {"entry_point": "echo", "options": {"a": "x " * 40 + "old end", "b": 1}}
    new = {"entry_point": "echo", "options": {"a": "x " * 40 + "new end", "c": 2}}
    make_draft(workspace=workspace, model="shop", settings=old)
    url = reverse("models:compare", args=["shop"])
    assert client.get(url).status_code == 404
    make_draft(workspace=workspace, model="shop", settings=new)
    text = look("compare", "shop")
    assert "3 values differ" in text
    assert "<del>old</del>" in text
    assert "<ins>new</ins>" in text
    assert "settings.entry_point" not in text
    assert "settings.entry_point" in look("compare", "shop", all="1")
    assert "Nothing differs" in look("compare", "shop", one="1", other="1")


def test_person_says_whom_it_asks_and_has_no_schemas(log_in, look, workspace):
    log_in()
    make_person(workspace=workspace, model="desk", expected_wait_s=900, accuracy=0.97)
    text = look("model", "desk")
    for words in ("Reviewers of the workspace", "$0.50", "15 min", "0.97"):
        assert words in text
    assert "Schemas" not in text
    assert "Add version" not in text


def test_card_is_rendered_and_harmless(log_in, look, workspace):
    log_in()
    version = make_draft(workspace=workspace, model="shop")
    assert "No card yet" in look("card", "shop")
    card = "# Limits\n\nNot for <script>alert(1)</script> **law**."
    describe(version.model, actor="system:test", card=card)
    text = look("card", "shop")
    assert "<h2>Limits</h2>" in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; <strong>law</strong>" in text
