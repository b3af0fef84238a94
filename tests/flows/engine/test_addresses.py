"""Addresses of steps, taken apart."""

import pytest

from flows.engine.addresses import Address, Pass, read_address


@pytest.mark.parametrize(
    ("text", "node_id", "passes"),
    [
        ("pay", "pay", ()),
        ("draft:2/pay", "pay", (("round", "draft", 2, "draft:2/"),)),
        (
            "draft:2/each[17]/pay",
            "pay",
            (
                ("round", "draft", 2, "draft:2/"),
                ("item", "each", 17, "draft:2/each[17]/"),
            ),
        ),
        ("each[3]", "", (("item", "each", 3, "each[3]/"),)),
    ],
)
def test_an_address_names_the_passes_around_its_node(text, node_id, passes):
    found = read_address(text)
    assert found == Address(tuple(Pass(*each) for each in passes), node_id)


@pytest.mark.parametrize("text", ["", "a/b", "A", "each[x]/pay", "a//b"])
def test_what_is_no_address_counts_as_a_node(text):
    assert read_address(text) == Address((), text)


def test_rounds_and_items_of_one_region_share_its_address():
    first, second = (read_address(f"loop:{n}/each[4]/a") for n in (1, 2))
    assert [each.region for each in first.passes] == ["loop", "loop:1/each"]
    assert [each.region for each in second.passes] == ["loop", "loop:2/each"]
    assert first.scope == "loop:1/each[4]/"
