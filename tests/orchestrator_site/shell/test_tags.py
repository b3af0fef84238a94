import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils import timezone

from approvals.models import ApprovalState, Outcome
from flows.models import RunStatus, StepStatus
from orchestrator_site.shell.figures import duration, initials, money
from orchestrator_site.shell.states import LOOKS
from orchestrator_site.vendoring.manifest import ROOT

SPRITE = (ROOT / "static/vendor/icons.svg").read_text(encoding="utf-8")


def drawn(source: str, **values: object) -> str:
    return Template("{% load shell %}" + source).render(Context(values))


def test_icon_without_words_is_named():
    assert 'aria-hidden="true"' in drawn('{% icon "check" %}')
    assert 'role="img" aria-label="Locked"' in drawn('{% icon "lock" "" "Locked" %}')


def test_status_is_told_by_icon_and_word():
    mark = drawn('{% status_mark "failed" %}')
    assert "#circle-x" in mark
    assert "Failed" in mark


def test_text_of_a_status_is_escaped():
    assert "&lt;b&gt;" in drawn('{% status_mark "waiting" text %}', text="<b>")


@pytest.mark.parametrize("states", [RunStatus, StepStatus, ApprovalState, Outcome])
def test_every_state_has_a_look(states):
    assert [state for state in states.values if state not in LOOKS] == []


def test_every_look_has_an_icon_of_the_sprite():
    missing = [look for look in LOOKS.values() if f'id="{look.icon}"' not in SPRITE]
    assert missing == []


def test_import_map_carries_the_nonce_and_names_our_modules():
    script = drawn("{% import_map %}", csp_nonce="n0nce")
    found = re.fullmatch(
        r'<script type="importmap" nonce="n0nce">(.*)</script>', script
    )
    imports = json.loads(found[1])["imports"]
    assert imports["htmx"].endswith("vendor/htmx.js")
    assert imports["baton/toast"].endswith("js/toast.js")


def test_time_is_shown_in_the_active_zone():
    noon = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    with timezone.override("Asia/Tokyo"):
        shown = drawn("{% time_of moment %}", moment=noon)
    assert ">Nov 24, 21:00</time>" in shown
    assert 'datetime="2026-11-24T12:00:00+00:00"' in shown


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=20), "now"),
        (timedelta(minutes=6, seconds=10), "6 min ago"),
        (timedelta(hours=3, minutes=50), "3 h ago"),
        (timedelta(minutes=-24, seconds=-10), "in 24 min"),
    ],
)
def test_recent_times_are_relative(age, words):
    shown = drawn("{% relative_time moment %}", moment=timezone.now() - age)
    assert f">{words}</time>" in shown
    assert "data-relative" in shown


def test_times_over_a_day_ago_are_dates():
    moment = timezone.now() - timedelta(days=2)
    assert "data-relative" not in drawn("{% relative_time moment %}", moment=moment)


@pytest.mark.parametrize(
    ("micros", "text"),
    [(7100, "$0.0071"), (14_620_000, "$14.62"), (0, "$0.00"), (None, "")],
)
def test_money_has_four_decimals_under_a_cent(micros, text):
    assert money(micros) == text


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (0.041, "41 ms"),
        (2.91, "2.9 s"),
        (59.97, "1 min"),
        (364, "6 min 4 s"),
        (timedelta(hours=2, minutes=5), "2 h 5 min"),
        (timedelta(days=3), "3 d"),
    ],
)
def test_duration_has_at_most_two_units(span, text):
    assert duration(span) == text


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Mara Ibsen", "MI"), ("theo.okafor@fernhill.example", "TO"), ("Jun", "J")],
)
def test_initials_are_of_the_first_and_last_name(name, letters):
    assert initials(name) == letters
