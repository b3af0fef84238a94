"""Forests of binary trees as plain arrays; one row goes through all trees at once."""

import math
from dataclasses import dataclass
from itertools import count
from random import Random

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Indexes = NDArray[np.int64]
EULER = 0.5772156649015329


@dataclass(frozen=True, slots=True, kw_only=True)
class Forest:
    """One row a tree and one column a node; node 0 is the root of its tree.

    A row of features goes right where its `feature` is above the `threshold`. A leaf
    is its own left and right child.
    """

    feature: Indexes
    threshold: Numbers
    left: Indexes
    right: Indexes
    value: Numbers
    depth: int

    def values(self, row: Numbers) -> Numbers:
        """Return the value of the leaf that the row reaches, one a tree."""
        trees = np.arange(len(self.feature))
        nodes = np.zeros(len(trees), dtype=np.int64)
        for _ in range(self.depth):
            goes_right = row[self.feature[trees, nodes]] > self.threshold[trees, nodes]
            nodes = np.where(
                goes_right, self.right[trees, nodes], self.left[trees, nodes]
            )
        return self.value[trees, nodes]


@dataclass(slots=True, kw_only=True)
class Node:
    """A node while its tree grows; `left` and `right` are places in the tree's list."""

    feature: int = 0
    threshold: float = 0.0
    left: int
    right: int
    value: float = 0.0


def as_forest(trees: list[list[Node]], depth: int) -> Forest:
    """Lay grown trees side by side, the shorter ones filled up with unused nodes."""
    width = max(map(len, trees))

    def table(name: str) -> list[list[float]]:
        rows = [[getattr(node, name) for node in tree] for tree in trees]
        return [row + [0] * (width - len(row)) for row in rows]

    return Forest(
        feature=np.array(table("feature"), dtype=np.int64),
        threshold=np.array(table("threshold"), dtype=np.float64),
        left=np.array(table("left"), dtype=np.int64),
        right=np.array(table("right"), dtype=np.int64),
        value=np.array(table("value"), dtype=np.float64),
        depth=depth,
    )


class IsolationForest:
    """What is separated from the rest by few random cuts is unusual.

    Source: Liu, Ting, Zhou, Isolation Forest, ICDM 2008.
    """

    def __init__(self, rows: Numbers, *, trees: int, sample: int, seed: int) -> None:
        random = Random(seed)  # noqa: S311 - must be repeatable
        size = min(sample, len(rows))
        depth = max(1, math.ceil(math.log2(max(2, size))))
        grown = [
            grow(rows[random.sample(range(len(rows)), size)], depth, random)
            for _ in range(trees)
        ]
        self.forest = as_forest(grown, depth)
        self.usual_path = max(average_path(size), 1e-9)

    def score(self, row: Numbers) -> float:
        """Return 0 to 1; about 0.5 is as usual as can be, towards 1 is unusual."""
        path = float(self.forest.values(row).mean())
        return float(2.0 ** (-path / self.usual_path))


def grow(rows: Numbers, depth: int, random: Random) -> list[Node]:
    """Grow one isolation tree; a leaf's value is the path to it in cuts."""
    tree: list[Node] = []
    waiting = [(rows, 0, -1, "")]
    for place in count():
        if not waiting:
            return tree
        part, level, parent, side = waiting.pop()
        if parent >= 0:
            setattr(tree[parent], side, place)
        low, high = part.min(axis=0), part.max(axis=0)
        varied = np.flatnonzero(high > low)
        if level == depth or len(varied) == 0:
            path = level + average_path(len(part))
            tree.append(Node(left=place, right=place, value=path))
            continue
        feature = int(varied[random.randrange(len(varied))])
        threshold = random.uniform(float(low[feature]), float(high[feature]))
        tree.append(Node(feature=feature, threshold=threshold, left=0, right=0))
        above = part[:, feature] > threshold
        if not above.any():  # the cut fell on the very highest value
            above = part[:, feature] == high[feature]
        waiting += [
            (part[~above], level + 1, place, "left"),
            (part[above], level + 1, place, "right"),
        ]
    return tree


def average_path(size: int) -> float:
    """Return the average path of an unsuccessful search in a tree of `size` rows."""
    if size <= 1:
        return 0.0
    return 2.0 * (math.log(size - 1) + EULER) - 2.0 * (size - 1) / size
