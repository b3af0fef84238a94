"""Figures as people read them."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.dateformat import format as format_date

MICROS = Decimal(1_000_000)
CENT_MICROS = 10_000


def money(micros: int | None) -> str:
    """Dollars with two decimals, under one cent with four: 7100 is $0.0071."""
    if micros is None:
        return ""
    places = 4 if 0 < abs(micros) < CENT_MICROS else 2
    return f"${Decimal(micros) / MICROS:,.{places}f}"


def duration(span: timedelta | float | None) -> str:
    """A span with its unit, at most two of them: 41 ms, 2.9 s, 6 min 4 s, 2 h 5 min."""
    if span is None:
        return ""
    seconds = span.total_seconds() if isinstance(span, timedelta) else float(span)
    if round(seconds, 3) < 1:
        return f"{round(seconds * 1000)} ms"
    if round(seconds) < 60:
        return f"{seconds:.1f} s" if seconds < 9.95 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return _joined((minutes, "min"), (rest, "s"))
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return _joined((hours, "h"), (minutes, "min"))
    return _joined((hours // 24, "d"), (hours % 24, "h"))


def clock(moment: datetime) -> str:
    """A moment to the second in the person's zone; with its day unless that is today."""
    local = timezone.localtime(moment)
    is_today = local.date() == timezone.localdate()
    return formatted(local, "H:i:s" if is_today else "M j, H:i:s")


def initials(name: str) -> str:
    """Of a person's name or e-mail address: Mara Ibsen is MI."""
    words = name.partition("@")[0].replace(".", " ").split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def formatted(moment: datetime, form: str) -> str:
    return str(format_date(moment, form))


def _joined(*parts: tuple[int, str]) -> str:
    return " ".join(f"{number} {unit}" for number, unit in parts if number)
