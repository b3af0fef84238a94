import pytest
from pydantic import ValidationError

from flows.nodes.base import CallModel, Data
from flows.nodes.model import NODE


def test_call_is_asked_for_with_the_evaluated_input() -> None:
    config = NODE.config(model="support-intent", input={"text": "input.message"})
    assert NODE.run(config, Data({"message": "Hi"}, {})) == CallModel(
        model="support-intent", alias="champion", input={"text": "Hi"}
    )


def test_data_never_chooses_the_model() -> None:
    config = NODE.config(model="echo", alias="challenger", input={"model": "'other'"})
    call = NODE.run(config, Data({}, {}))
    assert (call.model, call.alias) == ("echo", "challenger")
    assert {use.pointer for use in NODE.uses(config)} == {"/input/model"}


def test_output_is_an_object() -> None:
    config = NODE.config(model="echo", input={})
    assert NODE.output_schema(config, {}) == {"type": "object"}


def test_its_effect_is_idempotent() -> None:
    assert NODE.effect == "idempotent"


@pytest.mark.parametrize("name", ["", "Echo", "a b", "{{ input.model }}", "../x"])
def test_model_name_is_a_slug(name: str) -> None:
    with pytest.raises(ValidationError):
        NODE.config(model=name, input={})
