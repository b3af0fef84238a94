"""Card payments of invented customers, made from a seed, with the truth beside them.

No real payments with labels can be shipped, so these are simulated. What is modelled:

- A customer has a usual amount, an hour of the day, a share of online payments and
  merchants that are visited again and again. One payment in fifty is a large one, three
  customers in ten make a journey abroad, one in ten is up at night: all of it genuine,
  and close to what fraud looks like.
- One customer in six is defrauded once, in one of four ways that `PATTERNS` names:
  *card testing*, many tiny online payments and then a large one; a *stolen card* used
  near home within hours; a *cloned card* used far away soon after a genuine payment;
  an *account takeover*, a few large online payments.

What is not: merchants in league with thieves, fraud that follows its detection, seasons.
Fraud is far more frequent than in real payments, which keeps the sample small;
precision in production would be lower at the same recall.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

DAY = 24 * 60.0
CATEGORIES = (
    "grocery",
    "fuel",
    "restaurant",
    "clothing",
    "electronics",
    "travel",
    "gambling",
    "gift_cards",
    "other",
)
EVERYDAY = (30, 8, 16, 9, 5, 4, 2, 2, 24)
PRICE = (1.0, 1.6, 1.1, 1.8, 4.0, 5.0, 1.2, 1.4, 1.0)
LARGE_SHARE, DEFRAUDED, TRAVELLERS, NIGHT_OWLS = 0.02, 0.16, 0.3, 0.1
TRAINING_SEED, HELDOUT_SEED = 20261, 20262
TRAINING_CUSTOMERS, HELDOUT_CUSTOMERS, DAYS = 500, 300, 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """What the customer's card was used for; `fraud` is the pattern or empty."""

    minute: float
    amount: float
    category: str
    channel: str
    place_km: float
    abroad: bool
    new_merchant: bool
    fraud: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """What a model is asked, and whether it was fraud: the pattern, or empty."""

    payload: dict[str, Any]
    fraud: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Habits."""

    usual: float
    a_day: float
    hour: float
    online: float
    journey: tuple[float, float]


def training_cases() -> list[Case]:
    """Return what models learn from."""
    return simulate(TRAINING_SEED, TRAINING_CUSTOMERS)


def heldout_cases() -> list[Case]:
    """Return what models are measured with: other customers, other seed."""
    return simulate(HELDOUT_SEED, HELDOUT_CUSTOMERS)


def simulate(seed: int, customers: int) -> list[Case]:
    """List the payments of all customers, one customer after the other."""
    random = Random(seed)  # noqa: S311 - must be repeatable
    return [case for _ in range(customers) for case in _one_customer(random)]


def _one_customer(random: Random) -> Iterator[Case]:
    start = random.uniform(0, DAYS * DAY)
    travels = random.random() < TRAVELLERS
    customer = Customer(
        usual=25 * math.exp(random.gauss(0, 0.5)),
        a_day=random.uniform(0.5, 2.5),
        hour=23 if random.random() < NIGHT_OWLS else random.gauss(14, 2),
        online=random.uniform(0.05, 0.6),
        journey=(start, start + travels * random.uniform(4, 10) * DAY),
    )
    payments = list(_genuine(customer, random))
    if random.random() < DEFRAUDED:
        pattern = random.choice(sorted(PATTERNS))
        payments += PATTERNS[pattern](customer, random)
    yield from _cases(sorted(payments, key=lambda payment: payment.minute))


def _genuine(customer: Customer, random: Random) -> Iterator[Payment]:
    for day in range(DAYS):
        for _ in range(_count(customer.a_day, random)):
            hour = random.gauss(customer.hour, 3.5) % 24
            yield _genuine_payment(customer, day * DAY + hour * 60, random)


def _genuine_payment(customer: Customer, minute: float, random: Random) -> Payment:
    (category,) = random.choices(CATEGORIES, EVERYDAY)
    large = random.uniform(4, 12) if random.random() < LARGE_SHARE else 1.0
    price = PRICE[CATEGORIES.index(category)] * large
    abroad = customer.journey[0] <= minute < customer.journey[1]
    online = random.random() < customer.online
    near = random.expovariate(1 / 6)
    return Payment(
        minute=minute,
        amount=_rounded(customer.usual * price * math.exp(random.gauss(0, 0.6))),
        category=category,
        channel="online" if online else random.choice(("chip", "contactless")),
        place_km=0.0 if online else near + abroad * 900,
        abroad=abroad and not online,
        new_merchant=random.random() < (0.6 if abroad else 0.15),
    )


def _card_testing(customer: Customer, random: Random) -> Iterator[Payment]:
    minute = _moment(random)
    for _ in range(random.randint(4, 12)):
        minute += random.expovariate(1 / 4)
        yield _online(minute, random.uniform(0.5, 9), "card_testing", random)
    minute += random.uniform(5, 120)
    amount = customer.usual * random.uniform(2, 8)
    yield _online(minute, amount, "card_testing", random)


def _stolen_card(customer: Customer, random: Random) -> Iterator[Payment]:
    minute = _moment(random)
    for _ in range(random.randint(3, 6)):
        minute += random.expovariate(1 / 30)
        yield Payment(
            minute=minute,
            amount=_rounded(customer.usual * math.exp(random.gauss(0.6, 0.7))),
            category=random.choice(("fuel", "grocery", "electronics", "clothing")),
            channel="contactless",
            place_km=random.uniform(2, 40),
            abroad=False,
            new_merchant=random.random() < 0.9,
            fraud="stolen_card",
        )


def _cloned_card(customer: Customer, random: Random) -> Iterator[Payment]:
    minute = _moment(random)
    for _ in range(random.randint(1, 4)):
        minute += random.expovariate(1 / 90)
        yield Payment(
            minute=minute,
            amount=_rounded(customer.usual * math.exp(random.gauss(1.0, 0.8))),
            category=random.choice(("electronics", "travel", "clothing", "other")),
            channel="chip",
            place_km=random.uniform(300, 6000),
            abroad=random.random() < 0.8,
            new_merchant=True,
            fraud="cloned_card",
        )


def _account_takeover(customer: Customer, random: Random) -> Iterator[Payment]:
    minute = _moment(random)
    for _ in range(random.randint(2, 5)):
        minute += random.expovariate(1 / 45)
        amount = customer.usual * random.uniform(2, 9)
        yield _online(minute, amount, "account_takeover", random)


def _online(minute: float, amount: float, fraud: str, random: Random) -> Payment:
    return Payment(
        minute=minute,
        amount=_rounded(amount),
        category=random.choice(("electronics", "gift_cards", "gambling", "other")),
        channel="online",
        place_km=0.0,
        abroad=False,
        new_merchant=random.random() < 0.85,
        fraud=fraud,
    )


PATTERNS = {
    "card_testing": _card_testing,
    "stolen_card": _stolen_card,
    "cloned_card": _cloned_card,
    "account_takeover": _account_takeover,
}


def _cases(payments: list[Payment]) -> Iterator[Case]:
    """Describe each payment by itself and by those before it, as a bank would."""
    known: list[Payment] = []
    for payment in payments:
        if known:
            yield Case(_described(payment, known), payment.fraud)
        known.append(payment)


def _described(payment: Payment, known: list[Payment]) -> dict[str, Any]:
    since = payment.minute - known[-1].minute
    present = [before for before in known if before.channel != "online"]
    there = present[-1].place_km if present else 0.0
    online = payment.channel == "online"
    amounts = [before.amount for before in known[-30:]]
    return {
        "amount": payment.amount,
        "usual_amount": _rounded(sum(amounts) / len(amounts)),
        "hour": int(payment.minute // 60 % 24),
        "category": payment.category,
        "channel": payment.channel,
        "abroad": payment.abroad,
        "distance_km": 0.0 if online else round(abs(payment.place_km - there), 1),
        "minutes_since_last": round(since, 1),
        "payments_24h": sum(payment.minute - p.minute < DAY for p in known),
        "new_merchant": payment.new_merchant,
    }


def _moment(random: Random) -> float:
    return random.uniform(5, DAYS) * DAY


def _count(rate: float, random: Random) -> int:
    """Draw how many events a day has, Poisson."""
    limit, product, drawn = math.exp(-rate), random.random(), 0
    while product > limit:
        product *= random.random()
        drawn += 1
    return drawn


def _rounded(amount: float) -> float:
    return max(0.01, round(amount, 2))
