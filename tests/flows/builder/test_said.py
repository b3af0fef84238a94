"""Where in a text a mistake is."""

import pytest

from flows.builder.said import spot_of

LONG = "input.alpha + input.beta + input.gamma + input.delta + input.epsilon"


@pytest.mark.parametrize(
    ("text", "offset", "before", "at", "after"),
    [
        ("input.n > 1", 0, "", "input", ".n > 1"),
        ("input.", 6, "input.", " ", ""),  # something is missing at the end
        ("1 +\n+ 2", 4, "1 + ", "+", " 2"),  # on one line
        (LONG, 27, "…ut.alpha + input.beta + ", "input", ".gamma + input.delta + i…"),
    ],
)
def test_spot_is_a_word_or_sign_with_its_neighbours(text, offset, before, at, after):
    spot = spot_of(text, offset)
    assert (spot.before, spot.at, spot.after) == (before, at, after)
    assert spot.offset == offset
