import pytest

from model_registry.charts import BOTTOM, RIGHT, TOP, bars, line, scale_of, spark


@pytest.mark.parametrize(
    ("values", "top"),
    [([], 1), ([None], 1), ([0.03], 0.05), ([1], 1), ([7, 3], 10), ([2100], 2500)],
)
def test_scale_ends_at_a_round_number(values, top):
    scale = scale_of(values)
    assert scale.top == pytest.approx(top)
    assert [tick.y for tick in scale.ticks] == [BOTTOM, (TOP + BOTTOM) / 2, TOP]


@pytest.mark.parametrize("values", [[], [3], [0, 0]])
def test_nothing_is_drawn_of_nothing(values):
    assert spark(values) is None


def test_sparkline_goes_from_edge_to_edge():
    drawn = spark([0, 4, 2])
    assert drawn.line == "1.0,18.0 35.5,2.0 70.0,10.0"
    assert (drawn.x, drawn.y) == (70, 10)


def test_line_has_a_gap_where_a_value_is_missing():
    drawn = line([1, 2, None, 1, None], scale_of([2]))
    assert drawn.pieces == ["44.0,55.0 119.5,10.0"]
    assert drawn.dots == [(270.5, 55.0)]
    assert drawn.end_y == 55


def test_bars_stand_within_the_chart_and_empty_ones_are_left_out():
    drawn = bars([(10, 0), (0, 0), (5, 5)], scale_of([10]))
    first, last = drawn
    assert (first.y, first.y + first.height, first.part_height) == (TOP, BOTTOM, 0)
    assert last.part_height == last.height
    assert last.x + last.width <= RIGHT
