from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from model_registry.management.telling import BARRED
from model_registry.models import Grant, Model
from tests.factories.accounts import make_workspace
from tests.factories.models import make_draft, make_model_version

pytestmark = pytest.mark.django_db
MANIFEST = """
model: shop
capability: echo
input_schema: {type: object}
output_schema: {type: object}
version:
  adapter: python_entry_point
  settings: {entry_point: echo}
alias: champion
"""


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    path = tmp_path / "shop.yaml"
    path.write_text(MANIFEST)
    return path


def test_manifest_is_registered_and_again_is_told(manifest, capsys):
    make_workspace()
    call_command("register_model", manifest)
    call_command("register_model", manifest)
    draft = f"shop 1 {BARRED['draft']}"
    assert capsys.readouterr().out.splitlines() == [
        "shop 1 is registered.",
        "champion points at shop 1.",
        draft,
        "shop 1 was there already.",
        "champion points at shop 1.",
        draft,
    ]
    assert "published flows may not call it" in draft
    assert "--approve" in draft


def test_workspace_is_chosen_by_its_slug(manifest):
    make_workspace()
    chosen = make_workspace()
    with pytest.raises(CommandError, match="--workspace"):
        call_command("register_model", manifest)
    call_command("register_model", manifest, workspace=chosen.slug)
    assert Model.objects.get().workspace == chosen


def test_problems_of_a_manifest_are_all_told(manifest):
    make_workspace()
    manifest.write_text(MANIFEST.replace("echo", "Echo!").replace("alias", "allias"))
    with pytest.raises(CommandError) as caught:
        call_command("register_model", manifest)
    assert "capability: " in str(caught.value)
    assert "allias: " in str(caught.value)


def test_file_that_is_not_there_is_told(tmp_path):
    make_workspace()
    with pytest.raises(CommandError, match=r"none\.yaml cannot be read"):
        call_command("register_model", tmp_path / "none.yaml")


def test_alias_is_moved(capsys):
    workspace = make_workspace()
    make_model_version(workspace=workspace, model="shop")
    make_model_version(workspace=workspace, model="shop", runs="cpu")
    call_command("move_alias", "shop", "champion", "1")
    assert capsys.readouterr().out == "champion points at shop 1.\n"
    with pytest.raises(CommandError, match="no version 7"):
        call_command("move_alias", "shop", "champion", "7")


def test_alias_that_is_moved_to_a_draft_says_so(capsys):
    workspace = make_workspace()
    make_draft(workspace=workspace, model="shop", alias=None)
    call_command("move_alias", "shop", "champion", "1")
    assert capsys.readouterr().out.splitlines() == [
        "champion points at shop 1.",
        f"shop 1 {BARRED['draft']}",
    ]


def test_registered_version_is_a_draft_unless_approved_with_a_reason(manifest, capsys):
    make_workspace()
    call_command("register_model", manifest)
    version = Model.objects.get().versions.get()
    assert version.standing.status == "draft"
    capsys.readouterr()
    for _ in range(2):
        call_command("register_model", manifest, approve="Measured by us.")
    said = capsys.readouterr().out.splitlines()
    assert said.count("shop 1 is approved.") == 2
    version.standing.refresh_from_db()
    assert (version.standing.status, version.standing.changed_by) == (
        "approved",
        "system:cli",
    )
    assert version.standing_changes.count() == 2


def test_approval_that_is_refused_registers_nothing(manifest):
    make_workspace()
    with pytest.raises(CommandError, match="Say why"):
        call_command("register_model", manifest, approve=" ")
    assert not Model.objects.exists()


def test_operator_changes_the_governance_record(manifest):
    make_workspace()
    call_command("register_model", manifest)
    manifest.write_text(f"{MANIFEST}governance: {{data_class: personal}}\n")
    call_command("register_model", manifest)
    assert Model.objects.get().data_class == "personal"


def test_reason_of_a_move_is_kept():
    workspace = make_workspace()
    make_model_version(workspace=workspace, model="shop")
    make_model_version(workspace=workspace, model="shop", runs="cpu")
    call_command("move_alias", "shop", "champion", "1", reason="Errors since noon.")
    move = Model.objects.get().alias_moves.first()
    assert (move.reason, move.moved_by) == ("Errors since noon.", "system:cli")


def test_models_that_do_the_same_are_told(manifest, capsys):
    workspace = make_workspace()
    make_model_version(workspace=workspace, model="twin")
    options = {"entry_point": "echo", "options": {"n": 1}}
    make_model_version(workspace=workspace, model="cousin", settings=options)
    call_command("register_model", manifest)
    assert capsys.readouterr().out.splitlines()[1:3] == [
        "twin is the same.",
        "cousin takes and gives the same.",
    ]


def test_model_is_granted_listed_and_withdrawn(capsys):
    own, other = make_workspace(), make_workspace()
    make_model_version(workspace=own, model="shop")
    where = {"workspace": own.slug}
    call_command("grant_model", "shop", other.slug, access="copy", **where)
    call_command("grant_model", "shop", **where)
    grant = Grant.objects.get()
    assert (grant.workspace, grant.access, grant.granted_by) == (
        other,
        "copy",
        "system:cli",
    )
    call_command("grant_model", "shop", other.slug, withdraw=True, **where)
    call_command("grant_model", "shop", **where)
    assert capsys.readouterr().out.splitlines() == [
        f"{other.slug} may read and copy it.",
        f"{other.slug} may read and copy it.",
        f"{other.slug} may no longer use shop.",
        "No other workspace may use shop.",
    ]
    assert not Grant.objects.exists()


@pytest.mark.parametrize(
    ("given", "options", "said"),
    [
        (("shop", "other"), {"withdraw": True}, "not granted to a workspace 'other'"),
        (("shop",), {"withdraw": True}, "Name the workspace"),
        (("shop", "nobody"), {}, "nobody"),
        (("gone", "other"), {}, "no model 'gone'"),
        (("shop", "own"), {}, "another workspace"),
    ],
)
def test_grant_that_cannot_be_is_told(given, options, said):
    own = make_workspace(slug="own")
    make_workspace(slug="other")
    make_model_version(workspace=own, model="shop")
    with pytest.raises(CommandError, match=said):
        call_command("grant_model", *given, workspace="own", **options)


def test_shared_model_is_copied_and_what_cannot_be_is_told(capsys):
    own, other = make_workspace(), make_workspace()
    make_model_version(workspace=own, model="shop")
    call_command("grant_model", "shop", other.slug, access="copy", workspace=own.slug)
    call_command("copy_model", "shop", "mine", workspace=other.slug)
    assert capsys.readouterr().out.splitlines()[1:] == ["mine 1 is a draft."]
    assert Model.objects.get(name="mine").workspace == other
    for named, said in (("shop", "in this workspace already"), ("gone", "shares")):
        with pytest.raises(CommandError, match=said):
            call_command("copy_model", named, "mine", workspace=other.slug)
