import pytest

from flows.expressions import ExpressionFailed
from flows.nodes.base import Data, Done, Failed
from flows.nodes.condition import NODE


@pytest.mark.parametrize(("score", "port"), [(0.9, "true"), (0.1, "false")])
def test_answer_decides_the_port(score: float, port: str) -> None:
    config = NODE.config(when="steps.s.score > 0.5")
    data = Data({}, {"s": {"score": score}})
    assert NODE.run(config, data) == Done({"result": port == "true"}, port=port)


@pytest.mark.parametrize("source", ["1", "'true'", "null", "[true]", "{}"])
def test_answer_that_is_not_boolean_fails(source: str) -> None:
    result = NODE.run(NODE.config(when=source), Data({}, {}))
    assert isinstance(result, Failed)
    assert result.code == "condition_not_boolean"


@pytest.mark.parametrize("source", ["input.gone", "!input.gone", "1 / 0 == 1"])
def test_question_that_fails_takes_no_port(source: str) -> None:
    with pytest.raises(ExpressionFailed):
        NODE.run(NODE.config(when=source), Data({}, {}))
