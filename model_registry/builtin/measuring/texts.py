"""Measure models that read texts, on texts written for it and not used to build them."""

from collections.abc import Callable, Iterable
from itertools import groupby

import numpy as np

from model_registry.builtin.contract import Payload
from model_registry.builtin.marked import DATA, MarkedText, read_lines, read_marked
from model_registry.builtin.measuring.figures import Metric, Places, bootstrapped, share
from model_registry.builtin.support.corpus import read_heldout
from model_registry.builtin.support.policies import policies_by_intent
from model_registry.builtin.support.spelling import words_of

Ask = Callable[[Payload], Payload]
NOT_FOR_INTENTS = ("clear", "hostile")
SHORT_WORDS = 4
KEY = "* "


def measure_classify(ask: Ask) -> list[Metric]:
    """Ask for the intents of the held-out customers' messages."""
    answers = [
        (message, ask({"text": message.text})["intent"]) for message in read_heldout()
    ]
    clear = [found in m.intents for m, found in answers if m.kind == "clear"]
    others = [
        found in (None, "other")
        for m, found in answers
        if m.kind not in NOT_FOR_INTENTS
    ]
    return [share("intent right", clear), share("others handed over", others)]


def measure_retrieve(ask: Ask) -> list[Metric]:
    """Ask questions that one or two sentences of a policy answer."""
    first, among = [], []
    for intent, text, sentences in retrieval_cases():
        found = ask({"text": text, "intent": intent})["passages"]
        first.append(found[0] in sentences)
        among.append(not sentences.isdisjoint(found))
    return [
        share("first passage answers", first),
        share("a passage answers", among),
    ]


def retrieval_cases() -> list[tuple[str, str, set[str]]]:
    """List intent, question and the sentences that answer it."""
    cases = []
    for line in read_lines("passages"):
        intent, text, *starts = line.split(" | ")
        sentences = policies_by_intent()[intent].sentences
        right = {s for s in sentences if s.startswith(tuple(starts))}
        cases.append((intent, text, right))
    return cases


def measure_extract(ask: Ask) -> list[Metric]:
    """Ask for order numbers, dates and amounts."""
    return _measure_spans(ask, read_marked("extraction"))


def measure_personal_data(ask: Ask) -> list[Metric]:
    """Ask for personal data."""
    return _measure_spans(ask, read_marked("personal"))


def _measure_spans(ask: Ask, texts: list[MarkedText]) -> list[Metric]:
    counts, found_right, asked_found = [], [], []
    for text in texts:
        items = ask({"text": text.text})["items"]
        found = {(item["kind"], item["start"], item["end"]) for item in items}
        wanted = set(text.items)
        counts.append((len(found & wanted), len(found), len(wanted)))
        found_right += [item in wanted for item in sorted(found)]
        asked_found += [item in found for item in text.items]
    table = np.array(counts, dtype=np.float64)

    def f1(places: Places) -> float:
        right, found, wanted = table[places].sum(axis=0)
        return float(2 * right / max(found + wanted, 1))

    return [
        bootstrapped("F1", f1, len(table)),
        share("recall", asked_found),
        share("precision", found_right),
    ]


def measure_moderate(ask: Ask) -> list[Metric]:
    """Ask about steering, insults and threats, and about messages that look like it."""
    pairs = [line.split(" | ", 1) for line in read_lines("moderation")]
    kinds = np.array([kind for kind, _ in pairs])
    answers = [ask({"text": text}) for _, text in pairs]
    clear = np.array([answer["clear"] for answer in answers])

    def balanced(places: Places) -> float:
        hostile = kinds[places] != "clear"
        caught = ~clear[places]
        return float((caught[hostile].mean() + 1 - caught[~hostile].mean()) / 2)

    return [
        bootstrapped("balanced accuracy", balanced, len(pairs)),
        share("prompt injections held", list(~clear[kinds == "prompt_injection"])),
        share("insults held", list(~clear[kinds == "abusive"])),
        share("threats held", list(~clear[kinds == "threat"])),
        share("clear messages let through", list(clear[kinds == "clear"])),
    ]


def measure_language(ask: Ask) -> list[Metric]:
    """Ask for the language of sentences and of a few words."""
    pairs = [line.split(" | ", 1) for line in read_lines("languages")]
    right = [ask({"text": text})["language"] == code for code, text in pairs]
    short = [len(words_of(text)) <= SHORT_WORDS for _, text in pairs]
    both = list(zip(right, short, strict=True))
    return [
        share("language right", right),
        share("right, up to four words", [r for r, is_short in both if is_short]),
        share(
            "right, five words and more", [r for r, is_short in both if not is_short]
        ),
    ]


def measure_summarise(ask: Ask) -> list[Metric]:
    """Ask for two sentences of texts in which a person marked the two that matter."""
    kept = []
    for text, keys in summary_cases():
        chosen = ask({"text": text, "sentences": len(keys)})["sentences"]
        kept.append(len(keys & set(chosen)) / len(keys))
    shares = np.array(kept)
    return [
        bootstrapped(
            "marked sentences kept",
            lambda places: float(shares[places].mean()),
            len(kept),
        )
    ]


def summary_cases() -> list[tuple[str, set[str]]]:
    """List texts and the sentences that a summary should keep."""
    lines = (
        (DATA / "summaries" / "heldout.txt").read_text(encoding="utf-8").splitlines()
    )
    groups: Iterable[tuple[bool, Iterable[str]]] = groupby(
        lines, lambda line: bool(line)
    )
    texts = [list(group) for has_text, group in groups if has_text]
    return [
        (
            " ".join(line.removeprefix(KEY) for line in text),
            {line.removeprefix(KEY) for line in text if line.startswith(KEY)},
        )
        for text in texts
        if not text[0].startswith("# ")
    ]
