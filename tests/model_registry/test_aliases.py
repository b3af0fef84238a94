from datetime import UTC, datetime, timedelta

import pytest

from model_registry.models import AliasMove
from model_registry.selectors import list_moves, version_at
from model_registry.services.aliases import move_alias
from tests.factories.accounts import make_workspace
from tests.factories.models import make_model_version

pytestmark = pytest.mark.django_db
NOON = datetime(2020, 2, 29, 12, tzinfo=UTC)


def model_with_moves(*numbers):
    """A model whose champion moved to these versions, one each hour from noon on."""
    workspace = make_workspace()
    for runs in ("loop", "cpu", "wait"):
        version = make_model_version(
            workspace=workspace, model="shop", runs=runs, alias=None
        )
    for hour, number in enumerate(numbers):
        move_alias(
            workspace,
            "shop",
            "champion",
            number,
            actor="user:1",
            reason=f"Hour {hour}.",
        )
        moved = list_moves(version.model).first()
        AliasMove.objects.filter(pk=moved.pk).update(at=NOON + timedelta(hours=hour))
    return version.model


@pytest.mark.parametrize(
    ("minutes", "number"),
    [(-1, None), (0, 1), (59, 1), (60, 3), (119, 3), (120, 2), (9000, 2)],
)
def test_which_version_was_live_has_an_answer(minutes, number):
    model = model_with_moves(1, 3, 2)
    found = version_at(model, "champion", NOON + timedelta(minutes=minutes))
    assert (found.number if found else None) == number


def test_alias_of_another_name_was_not_live():
    model = model_with_moves(1)
    assert version_at(model, "challenger", NOON) is None


def test_moves_are_kept_with_who_and_why():
    moves = list(list_moves(model_with_moves(1, 2, 2)))
    told = [(m.old and m.old.number, m.new.number, m.reason) for m in moves]
    assert told == [(1, 2, "Hour 1."), (None, 1, "Hour 0.")]
    assert {m.moved_by for m in moves} == {"user:1"}
