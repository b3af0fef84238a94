"""What a version achieved on a set, by how its answers are compared. Pure."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from model_registry.evaluations.comparing import (
    is_right,
    numbers_of,
    rank_of,
    right_fields,
    score_of,
)
from model_registry.evaluations.intervals import Counts, bootstrap
from model_registry.evaluations.measures import (
    Answered,
    Measure,
    Metric,
    metric_names,
    reciprocal,
)
from model_registry.evaluations.proportions import Interval, wilson
from model_registry.json_values import JsonObject, canonical

THRESHOLD = 0.5
# The largest that a symmetric percentage error can be.
WORST_SMAPE = 2.0
# So many words of cases are told apart.
MOST_TAGS = 20

Cases = Sequence[Answered]


def measured(measure: Measure, target: str, cases: Cases) -> list[Metric]:
    """The figures of all cases together; those without a value are left out."""
    answered = sum(case.output is not None for case in cases)
    found = [*MEASURES[measure](target, cases), _share("answered", answered, cases)]
    return [metric for metric in found if not math.isnan(metric.value)]


def measured_by_tag(
    measure: Measure, target: str, cases: Cases, tags: Sequence[Sequence[str]]
) -> dict[str, Metric]:
    """The main figure of the cases of each tag, of those that most cases have."""
    tagged: defaultdict[str, list[Answered]] = defaultdict(list)
    for case, words in zip(cases, tags, strict=True):
        for word in words:
            tagged[word].append(case)
    usual = sorted(tagged, key=lambda word: (-len(tagged[word]), word))[:MOST_TAGS]
    main = metric_names(measure)[0]
    return {
        word: metric
        for word in usual
        for metric in measured(measure, target, tagged[word])
        if metric.name == main
    }


def _labels(target: str, cases: Cases) -> list[Metric]:
    right = sum(is_right(target, case.expected, case.output) for case in cases)
    pairs = Counter(
        (_label(target, c.expected), _label(target, c.output)) for c in cases
    )
    labels = sorted({label for label, _ in pairs})
    place = {label: index for index, label in enumerate(labels)}
    # Beyond the last place stands what is no label of the set.
    rows = np.array([place[one] for one, _ in pairs], dtype=np.int64)
    columns = np.array([place.get(other, len(labels)) for _, other in pairs], np.int64)

    def macro_f1(counts: Counts) -> float:
        table = np.zeros((len(labels), len(labels) + 1))
        np.add.at(table, (rows, columns), counts)
        hits = np.diagonal(table)
        both = table.sum(axis=1) + table[:, :-1].sum(axis=0)
        present = both > 0
        return float(np.mean(2 * hits[present] / both[present]))

    return [
        _share("accuracy", right, cases),
        _resampled("macro_f1", list(pairs.values()), macro_f1),
    ]


def _label(target: str, value: JsonObject | None) -> str:
    return canonical(value[target]) if value is not None and target in value else ""


def _fields(_target: str, cases: Cases) -> list[Metric]:
    found = [right_fields(case.expected, case.output) for case in cases]
    whole = sum(right == of for right, of in found)
    # Fields of one case stand or fall together, so whole cases are drawn.
    sorts = Counter(found)
    rights = np.array([right for right, _ in sorts], dtype=float)
    sizes = np.array([of for _, of in sorts], dtype=float)

    def share(counts: Counts) -> float:
        of = float(counts @ sizes)
        return float(counts @ rights) / of if of else math.nan

    return [
        _resampled("field_match", list(sorts.values()), share),
        _share("exact_match", whole, cases),
    ]


def _scores(target: str, cases: Cases) -> list[Metric]:
    truths_of = [bool(case.expected[target]) for case in cases]
    sorts = Counter(
        (score_of(case.output, truth=truth), truth)
        for case, truth in zip(cases, truths_of, strict=True)
    )
    ordered = sorted(sorts)
    positive = np.array([truth for _, truth in ordered], dtype=bool)
    group = np.cumsum(
        [
            index > 0 and ordered[index - 1][0] != score
            for index, (score, _) in enumerate(ordered)
        ]
    )

    def auc(counts: Counts) -> float:
        yes = np.bincount(group, np.where(positive, counts, 0))
        no = np.bincount(group, np.where(positive, 0, counts))
        pairs = yes.sum() * no.sum()
        if pairs == 0:
            return math.nan
        below = np.cumsum(no) - no
        return float((yes * (below + no / 2)).sum() / pairs)

    hits = sum(n for (score, truth), n in sorts.items() if truth and score >= THRESHOLD)
    alarms = sum(n for (score, _), n in sorts.items() if score >= THRESHOLD)
    return [
        _resampled("auc", [sorts[each] for each in ordered], auc),
        _part("precision", hits, alarms),
        _part("recall", hits, sum(truths_of)),
    ]


def _numbers(target: str, cases: Cases) -> list[Metric]:
    pairs = [numbers_of(target, case.expected, case.output) for case in cases]
    off = [_mean_error(*pair) for pair in pairs if pair]
    percentages = [_smape(*pair) if pair else WORST_SMAPE for pair in pairs]
    return [_mean("mae", off, more=False), _mean("smape", percentages, more=False)]


def _mean_error(wanted: Sequence[float], got: Sequence[float]) -> float:
    return sum(abs(a - b) for a, b in zip(wanted, got, strict=True)) / len(wanted)


def _smape(wanted: Sequence[float], got: Sequence[float]) -> float:
    """From 0 to 2; two zeros agree."""
    parts = [
        abs(a - b) * 2 / (abs(a) + abs(b)) if a or b else 0.0
        for a, b in zip(wanted, got, strict=True)
    ]
    return sum(parts) / len(parts)


def _rankings(target: str, cases: Cases) -> list[Metric]:
    ranks = [rank_of(target, case.expected, case.output) for case in cases]
    first = sum(rank == 1 for rank in ranks)
    return [_share("top_1", first, cases), _mean("mrr", [*map(reciprocal, ranks)])]


def _exact(_target: str, cases: Cases) -> list[Metric]:
    found = [right_fields(c.expected, c.output, whole=True)[0] for c in cases]
    return [_share("exact_match", sum(found), cases)]


def _share(name: str, right: int, cases: Cases) -> Metric:
    return _part(name, right, len(cases))


def _part(name: str, right: int, of: int) -> Metric:
    low, high = wilson(right, of)
    value = right / of if of else math.nan
    return Metric(name=name, value=value, low=low, high=high, of=of)


def _mean(name: str, values: Sequence[float], *, more: bool = True) -> Metric:
    sorts = Counter(values)
    each = np.array(list(sorts), dtype=float)

    def mean(counts: Counts) -> float:
        total = counts.sum()
        return float(counts @ each / total) if total else math.nan

    return _resampled(name, list(sorts.values()), mean, more=more)


def _resampled(
    name: str,
    counts: Sequence[int],
    statistic: Callable[[Counts], float],
    *,
    more: bool = True,
) -> Metric:
    value = statistic(np.array(counts, dtype=np.int64)) if counts else math.nan
    interval: Interval | None = bootstrap(counts, statistic)
    low, high = interval or (None, None)
    return Metric(
        name=name, value=value, low=low, high=high, of=sum(counts), more_is_better=more
    )


MEASURES: Mapping[Measure, Callable[[str, Cases], list[Metric]]] = MappingProxyType(
    {
        Measure.LABEL: _labels,
        Measure.FIELDS: _fields,
        Measure.SCORE: _scores,
        Measure.NUMBERS: _numbers,
        Measure.RANKING: _rankings,
        Measure.EXACT: _exact,
    }
)
