import pytest
from pydantic import ValidationError

from flows.nodes.base import Data, Failed
from flows.nodes.fail import NODE


def test_message_is_filled_in() -> None:
    config = NODE.config(code="too_many", message="{{ input.n }} are too many.")
    assert NODE.run(config, Data({"n": 7}, {})) == Failed(
        code="too_many", message="7 are too many."
    )


def test_message_is_listed_as_text_for_the_validator() -> None:
    config = NODE.config(code="a", message="{{ steps.x.y }}")
    assert [list(use.references) for use in NODE.uses(config)] == [[("x", False)]]
    assert NODE.out_ports(config) == ()


@pytest.mark.parametrize("code", ["", "Too many", "1a", "tooMany"])
def test_code_is_snake_case(code: str) -> None:
    with pytest.raises(ValidationError):
        NODE.config(code=code, message="No.")
