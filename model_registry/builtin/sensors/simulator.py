"""A pump with three sensors, made from a seed, with the truth beside each window.

Real machine data with labels of single readings is not free to ship, so it is simulated.
A window is one day, a reading every ten minutes: temperature, vibration, current. All
three follow the pump's load, which has a daily course, slow wandering and now and then
a step when a valve is turned: the step is genuine and looks unusual for a moment.

In `FAULTY_SHARE` of the windows a fault goes on while the last reading is taken: a
*spike* in one channel; a bearing's *drift*, vibration that climbs for hours; a *stuck*
sensor that repeats itself; a *burst* of shaking; or *slipping*, when the current falls
while the pump grows hot. What is not simulated: gaps, sensors that age, several faults
at once, seasons.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

READINGS, A_DAY = 144, 144
CHANNELS = ("temperature", "vibration", "current")
FAULTY_SHARE, STEPS_SHARE = 0.4, 0.5
TUNING_SEED, HELDOUT_SEED, WINDOWS = 20263, 20264, 400
NOISE = (0.4, 0.12, 0.25)
Readings = list[list[float]]


@dataclass(frozen=True, slots=True)
class Window:
    """Readings, oldest first, and the fault at the last of them: its name or empty."""

    readings: Readings
    fault: str


def tuning_windows() -> list[Window]:
    """Return what limits are chosen with."""
    return simulate(TUNING_SEED, WINDOWS)


def heldout_windows() -> list[Window]:
    """Return what models are measured with: other days, other seed."""
    return simulate(HELDOUT_SEED, WINDOWS)


def simulate(seed: int, windows: int) -> list[Window]:
    """List independent windows."""
    random = Random(seed)  # noqa: S311 - must be repeatable
    return [_window(random) for _ in range(windows)]


def _window(random: Random) -> Window:
    readings = _genuine(random)
    if random.random() >= FAULTY_SHARE:
        return Window(_rounded(readings), "")
    fault = random.choice(sorted(FAULTS))
    FAULTS[fault](readings, random)
    return Window(_rounded(readings), fault)


def _genuine(random: Random) -> Readings:
    phase, swing = random.uniform(0, math.tau), random.uniform(0.5, 2.0)
    steps = random.random() < STEPS_SHARE
    step_at = random.randrange(20, READINGS) if steps else READINGS
    step, wander, heat = random.choice((-1.5, 1.5)), 0.0, 0.0
    readings = []
    for place in range(READINGS):
        wander = 0.95 * wander + random.gauss(0, 0.15)
        daily = swing * math.sin(phase + math.tau * place / A_DAY)
        load = 10 + daily + wander + (step if place >= step_at else 0)
        heat = load if place == 0 else 0.8 * heat + 0.2 * load
        means = (40 + 1.5 * heat, 1 + 0.15 * load, 2 + 0.9 * load)
        readings.append(
            [
                random.gauss(mean, noise)
                for mean, noise in zip(means, NOISE, strict=True)
            ]
        )
    return readings


def _spike(readings: Readings, random: Random) -> None:
    channel = random.randrange(len(CHANNELS))
    sign = random.choice((-1, 1))
    readings[-1][channel] += sign * random.uniform(4, 12) * NOISE[channel]


def _drift(readings: Readings, random: Random) -> None:
    length, height = random.randint(12, 36), random.uniform(4, 10) * NOISE[1]
    for past in range(length):
        readings[-1 - past][1] += height * (1 - past / length)


def _stuck(readings: Readings, random: Random) -> None:
    channel, length = random.randrange(len(CHANNELS)), random.randint(5, 20)
    for past in range(length):
        readings[-1 - past][channel] = readings[-length][channel]


def _burst(readings: Readings, random: Random) -> None:
    for past in range(random.randint(4, 10)):
        readings[-1 - past][1] += random.gauss(0, random.uniform(3, 7) * NOISE[1])


def _slipping(readings: Readings, random: Random) -> None:
    length, strength = random.randint(6, 18), random.uniform(1.5, 4)
    for past in range(length):
        readings[-1 - past][0] += strength * (1 - past / length)
        readings[-1 - past][2] -= strength


FAULTS: dict[str, Callable[[Readings, Random], None]] = {
    "spike": _spike,
    "drift": _drift,
    "stuck": _stuck,
    "burst": _burst,
    "slipping": _slipping,
}


def _rounded(readings: Readings) -> Readings:
    return [[round(value, 3) for value in row] for row in readings]
