"""Edges as SVG paths. Pure.

`static/flows/builder/view/edge.js` draws the same for the builder.
"""

from typing import NamedTuple

CORNER, STUB, ARROW = 10, 20, 8
GAP = 64
# How far above the nodes a feedback edge runs, and each one around another.
LIFT, LIFT_STEP = 40, 28


class Point(NamedTuple):
    """A place on the drawing."""

    x: float
    y: float


class Line(NamedTuple):
    """A path, its arrow as a polygon or open lines, and where its label stands."""

    path: str
    arrow: str
    label_at: Point


def forward(start: Point, end: Point) -> Line:
    """A curve; orthogonal, through the gap between rows, for a target further left."""
    tip = Point(end.x - 4, end.y)
    path = _around(start, tip) if end.x < start.x + STUB else _curve(start, tip)
    arrow = f"{tip.x},{tip.y} {tip.x - ARROW},{tip.y - 4} {tip.x - ARROW},{tip.y + 4}"
    middle = Point((start.x + end.x) / 2, (start.y + end.y) / 2)
    return Line(path, arrow, middle)


def over(start: Point, end: Point, top: float) -> Line:
    """From the top of a node up to the height `top`, and down to the top of another."""
    way = CORNER if end.x > start.x else -CORNER
    tip = end.y - 3
    path = (
        f"M{start.x} {start.y}V{top + CORNER}Q{start.x} {top} {start.x + way} {top}"
        f"H{end.x - way}Q{end.x} {top} {end.x} {top + CORNER}V{tip}"
    )
    arrow = f"M{end.x - 5} {tip - 7}L{end.x} {tip}L{end.x + 5} {tip - 7}"
    return Line(path, arrow, Point((start.x + end.x) / 2, top))


def _curve(start: Point, end: Point) -> str:
    bend = max((end.x - start.x) / 2, STUB)
    return (
        f"M{start.x} {start.y}C{start.x + bend} {start.y} "
        f"{end.x - bend} {end.y} {end.x} {end.y}"
    )


def _around(start: Point, end: Point) -> str:
    right, left = start.x + STUB, end.x - STUB
    middle = (start.y + end.y) / 2
    if abs(start.y - end.y) < GAP:
        middle = max(start.y, end.y) + GAP
    down = CORNER if middle > start.y else -CORNER
    up = CORNER if end.y > middle else -CORNER
    return (
        f"M{start.x} {start.y}H{right - CORNER}"
        f"Q{right} {start.y} {right} {start.y + down}"
        f"V{middle - down}Q{right} {middle} {right - CORNER} {middle}"
        f"H{left + CORNER}Q{left} {middle} {left} {middle + up}"
        f"V{end.y - up}Q{left} {end.y} {left + CORNER} {end.y}H{end.x}"
    )
