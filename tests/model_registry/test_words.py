"""What is wrong with what somebody states is said in plain words, at its place."""

import pytest

from model_registry.errors import LimitsInvalid, ManifestInvalid
from model_registry.guarding.limits import Limits, changed_limits
from model_registry.manifest import check_manifest

CALLED = {"adapter": "python_entry_point", "settings": {"entry_point": "echo"}}
GOOD = {
    "model": "shop",
    "capability": "echo",
    "input_schema": {},
    "output_schema": {},
    "version": CALLED,
}
NAME = "Use small letters, digits, - and _, a letter first; at most 64."
PRICE = {"valid_from": "2026-01-01"}
CHAT = {"base_url": "https://models.example/v1", "model": "m", "prompt": "x"}
# Words of pydantic and of JSON Schema's own checker, which nobody should have to read.
JARGON = ("Value error", "Input should", "Field required", "Extra inputs", "anyOf")


def told(**changed):
    with pytest.raises(ManifestInvalid) as refused:
        check_manifest({**GOOD, **changed})
    return list(refused.value.problems)


def set_to(adapter, **settings):
    return {"version": {"adapter": adapter, "settings": settings}}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"model": "A b"}, f"model: {NAME}"),
        ({"model": None}, "model: This is null. Make it text."),
        ({"tags": ["A"]}, f"tags.0: {NAME}"),
        ({"tags": ["a"] * 21}, "tags: Keep at most 20 entries."),
        ({"kind": "robot"}, "kind: Write 'model', 'person' or 'team'."),
        ({"colour": 1}, "colour: This is not known here. Remove it, or correct"),
        ({"description": "x" * 2001}, "description: Shorten it to 2000 characters."),
        ({"governance": "x"}, "governance: This is text. Make it an object."),
        (
            {"governance": {"data_class": "top"}},
            "governance.data_class: Write 'public', 'internal',",
        ),
        (
            {"governance": {"review_by": "soon"}},
            "governance.review_by: This is no date. Write one such as 2026-01-31.",
        ),
        (
            {"governance": {"risk_class": "high"}},
            "governance: risk_class needs its risk_reason.",
        ),
        ({"person": {"who": "me"}}, "person.who: Write a role such as role:reviewer"),
        (
            {"prices": [{"valid_from": "x"}]},
            "prices.0.valid_from: This is no moment. Write one such as 2026-01-31T09",
        ),
        (
            {"prices": [{**PRICE, "input_usd_per_million": "much"}]},
            "prices.0.input_usd_per_million: This is no amount that fits. Enter a",
        ),
        (
            {"prices": [{**PRICE, "usd_micros_per_call": -1}]},
            "prices.0.usd_micros_per_call: Enter a number of at least 0.",
        ),
        ({"version": {}}, "version.adapter: This is missing. Add it."),
        (
            {"input_schema": {"type": "strin"}},
            "input_schema: not a JSON Schema that can be used: '/type' is no JSON "
            "Schema: a type is array, boolean,",
        ),
        (
            set_to("openai_chat", **CHAT, temperature="hot"),
            "version.settings.temperature: This is text. Make it a number.",
        ),
        (
            set_to("openai_chat", **{**CHAT, "base_url": "x"}),
            "version.settings.base_url: must be an address such as https://",
        ),
        (
            set_to("onnx", file="/etc/passwd", sha256="1", inputs={}),
            "version.settings.file: Write a path below the folder of models,",
        ),
    ],
)
def test_problem_is_told_at_its_place_with_what_to_do(changed, said):
    first = told(**changed)[0]
    assert first.startswith(said)
    assert not any(word in first for word in JARGON)


def test_no_value_is_repeated_which_may_be_a_secret():
    secret = "sk-canary-51aa"
    places = {"api_key_env": secret, "temperature": secret, "key": secret}
    found = told(**set_to("openai_chat", **CHAT, **places))
    assert len(found) == 3
    assert secret not in " ".join(found)


def test_limits_of_the_wrong_kind_are_told_in_the_same_words():
    with pytest.raises(LimitsInvalid) as refused:
        changed_limits(Limits(), {"retries": "often", "wait_s": None})
    assert refused.value.problems == (
        "wait_s: This is null. Make it a number.",
        "retries: This is text. Make it a whole number.",
    )
