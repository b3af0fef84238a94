"""Personal data in a text: e-mail addresses, telephone numbers, IBANs, card numbers."""

import re
from collections.abc import Iterator
from itertools import cycle

# Begins at the beginning of a word only: a long text without @ would take minutes.
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(r"(?<![\w-])(?:\+|00|0)\d(?:[ ()/.-]{0,2}\d){6,13}(?!\w)")
IBAN = re.compile(r"\b[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]){11,30}\b")
CARD = re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)")
SHORTEST_IBAN = 15
LONGEST_IBAN = 34
LARGEST_DIGIT = 9


def find_personal_data(text: str) -> set[str]:
    """Return what looks like personal data, in lower case and without spaces."""
    return {re.sub(r"[\s()/.-]", "", found).lower() for found in _found(text)}


def _found(text: str) -> Iterator[str]:
    yield from EMAIL.findall(text)
    yield from PHONE.findall(text)
    yield from filter(has_luhn_sum, CARD.findall(text))
    yield from (iban for found in IBAN.findall(text) for iban in _valid_ibans(found))


def has_luhn_sum(number: str) -> bool:
    """Tell whether the last digit of a card number checks the others (ISO 7812)."""
    digits = [int(letter) for letter in reversed(number) if letter.isdigit()]
    doubled = (digit * factor for digit, factor in zip(digits, cycle((1, 2))))
    total = sum(n - LARGEST_DIGIT if n > LARGEST_DIGIT else n for n in doubled)
    return total % 10 == 0


def is_iban(text: str) -> bool:
    """Tell whether letters and digits form an IBAN (ISO 13616, modulo 97)."""
    moved = text[4:] + text[:4]
    return int("".join(str(int(letter, 36)) for letter in moved)) % 97 == 1


def _valid_ibans(found: str) -> Iterator[str]:
    # A word that follows the number can be caught with it: try shorter ends as well.
    compact = found.replace(" ", "")
    ends = range(min(len(compact), LONGEST_IBAN), SHORTEST_IBAN - 1, -1)
    yield from (compact[:end] for end in ends if is_iban(compact[:end]))
