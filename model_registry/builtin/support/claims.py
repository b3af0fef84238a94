"""What a drafted sentence claims: promises, numbers, and how well a policy bears it."""

import re
from collections.abc import Collection

from model_registry.builtin.support.spelling import words_of

PROMISE = re.compile(
    r"\b(?:i|we)(?:'ve| have)? (?:just |already |now |also |personally |gladly )*"
    r"(?:refunded|issued|processed|cancelled|canceled|sent|shipped|blocked|credited"
    r"|arranged|escalated|forwarded|updated|changed|reset|deleted|erased|removed|booked"
    r"|initiated|started|opened|approved|transferred|paid|paused|unlocked|closed"
    r"|reimbursed|replaced|contacted|informed|instructed|added|applied|scheduled|made"
    r"|taken care|sorted|fixed|corrected|resolved|dispatched|waived|extended)\b"
    r"|\b(?:i|we)(?:'ll| will| shall|'re going to| are going to|'m going to|am going to"
    r"| promise| guarantee| commit| undertake|'m (?:now )?\w+ing| am (?:now )?\w+ing"
    r"|'re (?:now )?\w+ing| are (?:now )?\w+ing)\b"
    r"|\blet me (?:\w+ )?(?:refund|send|cancel|arrange|check|process|fix|escalate|look)\b"
    r"|\byour? (?:\w+ ){1,3}(?:has|have) (?:now |already |just )?been \w+"
    r"|\byour? (?:\w+ ){1,3}(?:will|shall) (?:now |soon |shortly )?be \w+"
    r"|\byour? (?:\w+ ){1,3}(?:is|are|was|were) (?:now |already |being )+\w+"
    r"|\byour? (?:\w+ ){1,3}(?:is|are|was|were) (?:refunded|cancelled|blocked|approved"
    r"|deleted|on (?:its|the|their) way|processed|locked|unlocked|reset|closed)\b"
    r"|\byou(?:'ll| will) (?:soon |shortly |now )?(?:get|receive|be (?:refunded|paid"
    r"|contacted|reimbursed|credited)|hear from)\b"
    r"|\b(?:a|our|my) (?:colleague|agent|manager|team|specialist|technician)\w*"
    r" (?:\w+ )?(?:will|is going to|has|shall)\b"
    r"|\b(?:is|are) on (?:its|the|their) way\b|\b(?:guaranteed|i assure|rest assured)\b"
)
UP_TO_TWENTY = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen"
    " fourteen fifteen sixteen seventeen eighteen nineteen twenty"
)
NUMBER_WORDS = {word: str(n) for n, word in enumerate(UP_TO_TWENTY.split())} | {
    "thirty": "30",
    "forty": "40",
    "fifty": "50",
    "sixty": "60",
    "ninety": "90",
}
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
DENYING = (
    "not no never neither nor cannot can't don't doesn't won't isn't aren't without"
    " unless nothing nobody none didn't wouldn't shouldn't mustn't hardly only"
)
NEGATIONS = frozenset(DENYING.split())
FILLING = (
    "a an the and or but if of to in on at by for with from as is are be been was were"
    " it its this that these those you your yours we our us i my me they them their he"
    " she his her can could may might must should would will shall do does did have has"
    " had so then than also too just please there here which who when what how all any"
    " about into up out over per via each one s re ve ll d more most very well hello hi"
    " dear customer thank thanks kind regards sincerely"
)
EMPTY_WORDS = frozenset(FILLING.split())
ENDINGS = ("ations", "ation", "ments", "ment", "ings", "ing", "ies", "ed", "es", "s", "e")  # fmt: skip
SHORTEST_STEM = 3
LEAST_SAID = 0.3
CONDITIONS = re.compile(
    r"\b(?:if|when|unless|until|except|provided|as long as|in case|once)\b",
    re.IGNORECASE,
)
SAME_WORDS = {
    "money": "refund", "reimburs": "refund", "shipp": "deliver", "deliveri": "deliver",
    "delivery": "deliver", "parcel": "packag", "guarante": "warranty", "fre": "free",
    "bill": "invoic", "receipt": "invoic", "item": "product", "good": "product",
    "articl": "product", "post": "mail", "purchas": "order", "broken": "break",
    "broke": "break", "sent": "send", "paid": "pay", "chosen": "choos",
}  # fmt: skip


def promises_action(sentence: str) -> bool:
    """Tell whether a sentence says that something was done or will be."""
    return bool(PROMISE.search(_straight(sentence)))


def numbers_of(text: str) -> set[str]:
    """Return the numbers of a text as digits, written-out ones included.

    "one" is left out: it is a pronoun more often than a number.
    """
    written = (NUMBER_WORDS.get(word) for word in words_of(text) if word != "one")
    return set(NUMBER.findall(text)) | {number for number in written if number}


def is_negative(text: str) -> bool:
    """Tell whether a sentence holds an odd number of negations."""
    return sum(word in NEGATIONS for word in words_of(text)) % 2 == 1


def stems_of(text: str) -> set[str]:
    """Return the words that carry meaning, their endings cut off."""
    words = set(words_of(text)) - EMPTY_WORDS - NEGATIONS - set(NUMBER_WORDS)
    return {_stem(word) for word in words}


def support(sentence: str, policy: Collection[str]) -> float:
    """Return the share of a sentence's meaning that one policy sentence bears, 0 to 1.

    A sentence of the policy bears nothing when it lacks one of the numbers, or when
    one of the two denies what the other says. It bears half where the claim leaves a
    condition out, or says so little of the sentence that it may mean something else.
    """
    wanted, numbers = stems_of(sentence), numbers_of(sentence)
    if not wanted:
        return 0.0 if numbers else 1.0
    shares = (
        _share(wanted, line) / (2 if _is_loose(sentence, wanted, line) else 1)
        for line in policy
        if numbers <= numbers_of(line) and is_negative(line) == is_negative(sentence)
    )
    return max(shares, default=0.0)


def _share(wanted: set[str], line: str) -> float:
    return len(wanted & stems_of(line)) / len(wanted)


def _is_loose(sentence: str, wanted: set[str], line: str) -> bool:
    stems = stems_of(line)
    says_little = len(wanted & stems) < LEAST_SAID * len(stems)
    drops_condition = CONDITIONS.search(line) and not CONDITIONS.search(sentence)
    return says_little or bool(drops_condition)


def _stem(word: str) -> str:
    bare = word.split("'")[0]
    for ending in ENDINGS:
        if bare.endswith(ending) and len(bare) - len(ending) >= SHORTEST_STEM:
            bare = bare[: -len(ending)]
            break
    return SAME_WORDS.get(bare, bare)


def _straight(text: str) -> str:
    return text.lower().replace("’", "'")
