import pytest

from flows.errors import ExpressionFailed
from flows.nodes.approval import NODE, Config
from flows.nodes.base import AskPerson, Data

CONFIG = Config(
    title="Refund for {{ input.name }}",
    show={"message": "input.message"},
    edit={"answer": "steps.draft.answer"},
    roles=["admin"],
    risk="high",
)


def test_it_asks_with_what_is_shown_and_what_may_be_edited() -> None:
    data = Data(
        input={"name": "Ada", "message": "Hello"}, steps={"draft": {"answer": "Hi"}}
    )
    assert NODE.run(CONFIG, data) == AskPerson(
        title="Refund for Ada",
        shown={"message": "Hello"},
        fields={"answer": "Hi"},
        roles=("admin",),
        exclude_starter=False,
        risk="high",
    )


def test_without_a_proposal_there_is_nothing_to_ask() -> None:
    data = Data(input={"name": "Ada", "message": "Hello"}, steps={})
    with pytest.raises(ExpressionFailed):
        NODE.run(CONFIG, data)


def test_it_goes_on_by_what_was_decided() -> None:
    assert NODE.out_ports(CONFIG) == ("approved", "rejected")


def test_its_expressions_are_checked_where_they_stand() -> None:
    assert [pointer for pointer, _, _ in NODE.expressions(CONFIG)] == [
        "/title",
        "/show/message",
        "/edit/answer",
    ]
