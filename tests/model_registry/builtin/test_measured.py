import json

import pytest
from django.core.management import CommandError, call_command

from model_registry.builtin.measuring import cards
from model_registry.builtin.measuring.cards import differences, read_figures, render
from model_registry.builtin.measuring.measure import measure, measured_names
from model_registry.builtin.shipped import card_path

# What the first figure of a model must reach on held-out data; a change that makes one
# worse than this is not shipped. Forecasts are measured by their error.
FLOORS = {
    "anomaly-ewma": 0.64,
    "anomaly-isolation": 0.85,
    "anomaly-zscore": 0.73,
    "extract-patterns": 0.97,
    "extract-tagger": 0.8,
    "fraud-boosting": 0.83,
    "fraud-isolation": 0.42,
    "fraud-logistic": 0.74,
    "intent-letters": 0.77,
    "intent-words": 0.62,
    "language-langid": 0.88,
    "language-together": 0.9,
    "language-words": 0.53,
    "moderation-guardian": 0.55,
    "moderation-rules": 0.6,
    "personal-data-checked": 0.56,
    "personal-data-names": 0.91,
    "personal-data-patterns": 0.43,
    "policy-bm25": 0.21,
    "policy-letters": 0.21,
    "summary-lead": 0.1,
    "summary-minilm": 0.39,
    "summary-textrank": 0.28,
    "support-intent": 0.88,
    "support-policy": 0.4,
    "support-screen": 0.81,
}
CEILINGS = {
    "forecast-holt-winters": 0.79,
    "forecast-naive": 1.02,
    "forecast-seasonal-mean": 0.85,
}


@pytest.fixture(scope="module", params=measured_names())
def measured(request):
    return request.param, measure(request.param)


def test_model_is_as_good_as_it_has_to_be(measured):
    name, figures = measured
    value = figures.metrics[0].value
    if name in CEILINGS:
        assert value <= CEILINGS[name]
    else:
        assert value >= FLOORS[name]


def test_card_says_what_is_measured(measured):
    name, figures = measured
    written = read_figures()[name]
    assert differences(figures, written) == []
    assert card_path(name).read_text(encoding="utf-8").endswith(render(written))


def test_every_measured_model_has_a_bar_and_figures():
    assert set(FLOORS) | set(CEILINGS) == set(measured_names()) == set(read_figures())


def test_command_prints_figures_and_agrees_with_the_card(capsys):
    call_command("evaluate_models", "moderation-rules")
    out = capsys.readouterr().out
    assert "moderation-rules: 105 cases" in out
    assert "balanced accuracy: " in out
    assert "differs" not in out


def test_command_says_where_a_card_says_otherwise(monkeypatch, tmp_path, capsys):
    stored = json.loads(cards.MEASURED.read_text())
    stored["summary-lead"]["metrics"][0]["value"] += 0.2
    changed = tmp_path / "measured.json"
    changed.write_text(json.dumps(stored))
    monkeypatch.setattr(cards, "MEASURED", changed)
    with pytest.raises(CommandError, match="summary-lead"):
        call_command("evaluate_models", "summary-lead")
    assert "differs: marked sentences kept is " in capsys.readouterr().out


def test_command_names_what_it_can_measure():
    with pytest.raises(CommandError, match=r"for nobody\. They can for: .*fraud-"):
        call_command("evaluate_models", "nobody")
