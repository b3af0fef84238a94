from flows.graph.validate import validate
from flows.nodes.base import Data, Done
from flows.nodes.note import NODE
from flows.nodes.registry import NODE_TYPES
from tests.factories.graphs import graph


def test_note_has_no_ports() -> None:
    config = NODE.config(text="Ask finance before you change this.")
    assert (NODE.in_ports, NODE.out_ports(config)) == ((), ())
    assert NODE.run(config, Data({}, {})) == Done(None, port=None)


def test_note_need_not_be_reached() -> None:
    drawn = graph("input -> out, note", types={"note": "note"})
    assert validate(drawn, NODE_TYPES) == []


def test_nothing_leads_to_a_note() -> None:
    drawn = graph("input -> out, input -> note", types={"note": "note"})
    codes = {problem.code for problem in validate(drawn, NODE_TYPES)}
    assert codes == {"edge_target_port_unknown"}
