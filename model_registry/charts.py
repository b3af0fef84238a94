"""Where the points of small charts are; templates draw them as SVG. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SPARK_WIDTH, SPARK_HEIGHT = 72, 20
WIDTH, HEIGHT = 384, 128
LEFT, RIGHT, TOP, BOTTOM = 44, 346, 10, 100
STEPS = (1, 2, 2.5, 5, 10)
GAP = 0.2
Values = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Spark:
    """A line with its ground, and its last point."""

    line: str
    ground: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid: its height and its value."""

    y: float
    value: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line, in pieces where values are missing, and the height of its last point."""

    pieces: list[str]
    dots: list[tuple[float, float]]
    end_y: float | None


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar with a part of it at its foot."""

    x: float
    y: float
    width: float
    height: float
    part_y: float
    part_height: float


@dataclass(frozen=True, slots=True)
class Scale:
    """From 0 at the bottom to a round number at the top."""

    top: float

    @property
    def ticks(self) -> list[Tick]:
        """The bottom, the middle and the top."""
        return [Tick(self.y(value), value) for value in (0, self.top / 2, self.top)]

    def y(self, value: float) -> float:
        """The height of a value."""
        return round(BOTTOM - value / self.top * (BOTTOM - TOP), 1)


def spark(values: Sequence[float]) -> Spark | None:
    """A sparkline from 0 up; None where there is nothing to see."""
    highest = max(values, default=0)
    if len(values) < 2 or highest <= 0:
        return None
    across = (SPARK_WIDTH - 3) / (len(values) - 1)
    points = [
        (
            round(1 + number * across, 1),
            round(SPARK_HEIGHT - 2 - value / highest * (SPARK_HEIGHT - 4), 1),
        )
        for number, value in enumerate(values)
    ]
    line = _joined(points)
    x, y = points[-1]
    ground = f"1,{SPARK_HEIGHT} {line} {x},{SPARK_HEIGHT}"
    return Spark(line, ground, x, y)


def scale_of(values: Iterable[float | None]) -> Scale:
    """A scale on which all values have room."""
    highest = max((value for value in values if value), default=1)
    power = 1.0
    while power * 10 <= highest:
        power *= 10
    while power > highest:
        power /= 10
    return Scale(next(step * power for step in STEPS if step * power >= highest))


def line(values: Values, scale: Scale) -> Line:
    """A line over the width of a chart."""
    pieces: list[list[tuple[float, float]]] = [[]]
    for number, value in enumerate(values):
        if value is None:
            pieces.append([])
        else:
            pieces[-1].append((_x(number, len(values)), scale.y(value)))
    known = [piece for piece in pieces if piece]
    return Line(
        pieces=[_joined(piece) for piece in known if len(piece) > 1],
        dots=[piece[0] for piece in known if len(piece) == 1],
        end_y=known[-1][-1][1] if known else None,
    )


def bars(values: Sequence[tuple[int, int]], scale: Scale) -> list[Bar]:
    """Bars of values and parts of them over the width of a chart, without empty ones."""
    across = (RIGHT - LEFT) / max(len(values), 1)
    return [
        Bar(
            x=round(LEFT + (number + GAP / 2) * across, 1),
            y=scale.y(value),
            width=round(across * (1 - GAP), 1),
            height=round(BOTTOM - scale.y(value), 1),
            part_y=scale.y(part),
            part_height=round(BOTTOM - scale.y(part), 1),
        )
        for number, (value, part) in enumerate(values)
        if value
    ]


def _x(number: int, count: int) -> float:
    return round(LEFT + number / max(count - 1, 1) * (RIGHT - LEFT), 1)


def _joined(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)
