import pytest

from model_registry.errors import ManifestInvalid
from model_registry.manifest import parse_manifest

GOOD = """
model: shop-intent
capability: classify
description: Tells what a customer wants.
input_schema: {type: object, properties: {text: {type: string}}, required: [text]}
output_schema: {type: object}
version:
  adapter: python_entry_point
  settings: {entry_point: echo}
alias: champion
"""
CHAT = """
model: shop-draft
capability: draft
input_schema: {type: object}
output_schema: {type: object}
version:
  adapter: openai_chat
  settings:
    base_url: https://models.example/v1
    model: small
    prompt: "Answer {{ input.text }}"
"""


def problems(text: str) -> list[str]:
    with pytest.raises(ManifestInvalid) as caught:
        parse_manifest(text)
    return list(caught.value.problems)


def test_manifest_is_read():
    manifest = parse_manifest(GOOD)
    assert manifest.model == "shop-intent"
    assert manifest.input_schema["required"] == ["text"]
    assert manifest.version.settings == {"entry_point": "echo"}


@pytest.mark.parametrize(("text", "runs"), [(GOOD, "cpu"), (CHAT, "wait")])
def test_version_runs_where_its_adapter_usually_does(text, runs):
    assert parse_manifest(text).version.runs == runs


def test_all_problems_are_told_at_once_with_their_places():
    text = GOOD.replace("shop-intent", "Shop intent").replace("alias", "colour")
    text = text.replace("capability: classify\n", "")
    told = problems(text)
    places = {problem.split(":")[0] for problem in told}
    assert places == {"model", "capability", "colour"}


def test_problems_in_schemas_and_settings_are_told_together():
    text = GOOD.replace("{type: string}", "{type: strin}").replace(
        "{entry_point: echo}", "{entry_pint: echo}"
    )
    told = problems(text)
    assert told[0].startswith(
        "input_schema: not a JSON Schema that can be used: '/prop"
    )
    assert {p.split(":")[0] for p in told[1:]} == {
        "version.settings.entry_point",
        "version.settings.entry_pint",
    }


def test_a_schema_that_takes_too_much_of_whoever_checks_a_value_is_refused():
    costly = "{type: string, pattern: '(a{1,999}){1,99}'}"
    [told, *_] = problems(GOOD.replace("{type: string}", costly))
    assert told.startswith("input_schema: not a JSON Schema that can be used: '/prop")
    assert "patterns that stand for more than 50,000 characters" in told


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("echo}", "echo}\n  adapter: x", "'adapter' again"),
        ("echo}", "&a echo}", "anchor"),
        ("echo}", "echo, options: {day: 2026-01-02}}", "options.day: a date is not"),
        ("echo}", "echo, options: {1: a}}", "options: the key 1 is no text"),
        ("echo}", "echo, options: {x: .nan}}", "options.x: nan is not a number"),
        ("echo}", "echo, options: " + "[" * 60 + "]" * 60 + "}", "nested more than"),
        ("echo}", 'echo, options: {x: "a\\0"}}', "options.x: holds a character"),
        ("echo}", 'echo, options: {x: "\\ud800"}}', "options.x: holds a character"),
        ("echo}", "echo", "not YAML"),
        ("alias", "description: twice\nalias", "'description' again"),
        ("python_entry_point", "carrier_pigeon", "none of python_entry_point, openai"),
        ("echo}", "echo}\n  runs: moon", "version.runs: "),
        ("echo}", "echo}\n  queue: GPU 1", "version.queue: "),
        ("echo}", "echo}\n  queue: runs", "version.queue: 'runs' is taken"),
        ("echo}", "echo}\n  queue: gpu\n  runs: loop", "version.queue: .*no queue"),
        ("model: shop-intent", "model: !!python/name:os.system x", "not YAML"),
        ("Tells", "x" * 300_000, "larger than 256 kB"),
        (
            "{type: object}",
            "{$ref: 'http://127.0.0.1/s'}",
            "output_schema: .*refers to another place than one of its own",
        ),
        (
            "{type: object}",
            "{$schema: 'http://json-schema.org/draft-07/schema#'}",
            "2020",
        ),
        ("{type: string}", "{pattern: '(?=a)'}", 'not a "regex"'),
    ],
)
def test_bad_manifest_is_refused(old, new, says):
    with pytest.raises(ManifestInvalid, match=says):
        parse_manifest(GOOD.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("https://models.example/v1", "models.example", "base_url: .*address such as"),
        ("https://models.example/v1", "file:///etc/passwd", "base_url"),
        (
            "https://models.example/v1",
            "https://a:b@models.example",
            "no user, password",
        ),
        (
            "model: small",
            "model: small\n    api_key: sk-1",
            "settings.api_key: .*not known here",
        ),
        ("model: small", "model: small\n    api_key_env: sk-1", "environment variable"),
        ("model: small", "model: small\n    api_key_env: BATON_SECRET_KEY", "BATON_"),
        ("input.text", "input.text | upper", "only {{ input.name }} is filled"),
        ("input.text", "steps.a", "only {{ input.name }} is filled"),
        (
            "model: small",
            "model: small\n    response_schema: {type: x}",
            "response_sch",
        ),
        ("  adapter", "  runs: cpu\n  adapter", "openai_chat runs in wait, not in cpu"),
    ],
)
def test_bad_settings_of_a_chat_model_are_refused(old, new, says):
    with pytest.raises(ManifestInvalid, match=says):
        parse_manifest(CHAT.replace(old, new))


@pytest.mark.parametrize("text", ["", "[]", "a", "- model", "\x00", "{{}: 1}"])
def test_what_is_no_mapping_is_refused(text):
    with pytest.raises(ManifestInvalid):
        parse_manifest(text)


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ("governance: {data_class: secret}", "governance.data_class: "),
        ("governance: {risk_class: high}", "governance: risk_class needs"),
        ("governance: {review_by: soon}", "governance.review_by: "),
        ("governance: {colour: blue}", "governance.colour: "),
        ("tags: [Two Words]", "tags.0: "),
        (
            "prices: [{valid_from: '2026-01-01', usd_micros_per_call: -1}]",
            "prices.0.usd",
        ),
        ("prices: [{input_usd_per_million: 1}]", "prices.0.valid_from: "),
        (
            "prices: [{valid_from: 2026-01-01}]",
            "prices.0.valid_from: a date is not JSON",
        ),
        ("kind: robot", "kind: "),
        ("person: {who: 'role:reviewer'}", "person: belongs to an entry whose kind"),
        ("kind: team", "person: say who the team is."),
        ("kind: team", "version: a team is asked, not called"),
    ],
)
def test_what_is_stated_wrongly_is_told_at_its_place(stated, told):
    assert any(problem.startswith(told) for problem in problems(f"{GOOD}\n{stated}\n"))


@pytest.mark.parametrize(
    "who",
    ["reviewer", "role:viewer", "user:", "user:mara", "user: mara@fernhill.example"],
)
def test_person_is_named_by_role_or_address(who):
    start = GOOD.split("version:", maxsplit=1)[0]
    text = f"{start}kind: person\nperson: {{who: {who!r}}}\n"
    assert problems(text)[0].startswith("person.who: ")


def test_model_without_a_version_is_refused():
    assert problems(GOOD.split("version:", maxsplit=1)[0]) == [
        "version: say how the model is called."
    ]


def test_yes_and_no_need_no_quotes():
    manifest = parse_manifest(f"{GOOD}governance: {{trains_on_data: no}}\n")
    assert manifest.governance.trains_on_data == "no"
