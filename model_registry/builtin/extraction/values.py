"""What a piece of text means: an order number, a day, an amount of money."""

import re
from contextlib import suppress
from datetime import date

MONTHS = [
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
]
CURRENCIES = {
    "£": "GBP", "gbp": "GBP", "pound": "GBP", "pounds": "GBP", "quid": "GBP",
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR",
    "$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD",
}  # fmt: skip
CENTURY, NEXT_CENTURY = 100, 2000
YEAR_DIGITS = 4
DAY_MONTH_YEAR, DAY_MONTH = 3, 2


def order_value(text: str) -> str | None:
    """Return the number as the shop writes it."""
    found = re.search(r"(?:FF-)?\d{4,6}", text.upper())
    return found.group() if found else None


def amount_value(text: str) -> str | None:
    """Return currency and amount as `GBP 34.99`; None where either is missing."""
    number = re.search(r"\d[\d.,]*", text)
    words = re.findall(r"[£€$]|[a-z]+", text.lower())
    currency = next((CURRENCIES[word] for word in words if word in CURRENCIES), None)
    if number is None or currency is None:
        return None
    whole, cents = _split_cents(number.group().strip(".,"))
    return f"{currency} {int(whole)}.{cents:0<2}"


def date_value(text: str) -> str | None:
    """Return the day as `2026-05-03`, with `XXXX` for a year that is not given.

    Numbers are read day first, as in the shop's country.
    """
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    month = next((m for m in _words(text) if m in MONTHS), None)
    with suppress(ValueError, IndexError):
        if month:
            day, *rest = sorted(numbers)
            return _day(rest[0] if rest else None, MONTHS.index(month) + 1, day)
        if re.match(r"\d{4}-", text):
            return _day(*numbers)
        if len(numbers) == DAY_MONTH_YEAR:
            return _day(numbers[2], numbers[1], numbers[0])
    return None


def _day(year: int | None, month: int, day: int) -> str:
    """Raise ValueError for a day that no calendar has."""
    if year is None:
        date(2024, month, day)
        return f"XXXX-{month:02}-{day:02}"
    full = year + NEXT_CENTURY if year < CENTURY else year
    return date(full, month, day).isoformat()


def _words(text: str) -> list[str]:
    return [word[:3] for word in re.findall(r"[a-z]{3,}", text.lower())]


def _split_cents(number: str) -> tuple[str, str]:
    """Take the last mark as the decimal one where one or two digits follow it."""
    parts = re.fullmatch(r"(.*)[.,](\d{1,2})", number)
    whole, cents = parts.groups() if parts else (number, "00")
    return re.sub(r"[.,]", "", whole) or "0", cents
