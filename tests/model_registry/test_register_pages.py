import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from model_registry.models import Model
from orchestrator_site.accounts.roles import Role
from tests.factories.accounts import make_membership
from tests.factories.models import make_draft, make_person, manifest_document

pytestmark = pytest.mark.django_db
MODEL = {
    "kind": "model",
    "name": "sorter",
    "capability": "classify",
    "description": "Sorts mail.",
    "tags": "mail, eu",
    "input_schema": '{"type": "object"}',
    "output_schema": '{"type": "object"}',
    "alias": "champion",
    "adapter": "python_entry_point",
    "setting_entry_point": "echo",
    "runs": "loop",
    "trains_on_data": "no",
    "data_class": "internal",
    "usd_micros_per_call": "7",
}
CHAT = {
    **{name: value for name, value in MODEL.items() if name != "runs"},
    "adapter": "openai_chat",
    "setting_model": "small",
    "setting_prompt": "{{ input.text }}",
    "setting_max_tokens": "64",
}


@pytest.fixture
def member(client):
    member = make_membership(role=Role.BUILDER)
    client.force_login(member.user)
    return member


@pytest.fixture
def send(client, member):
    def post(data, page="new", *args):
        response = client.post(reverse(f"models:{page}", args=args), data)
        return response.status_code, " ".join(response.text.split())

    return post


def get(member, name):
    return Model.objects.in_workspace(member.workspace).filter(name=name).first()


def test_model_is_registered_by_form(send, member):
    assert send(MODEL)[0] == 302
    model = get(member, "sorter")
    [version] = model.versions.all()
    assert (model.capability, model.description) == ("classify", "Sorts mail.")
    assert (model.data_class, model.trains_on_data) == ("internal", "no")
    assert {tag.name for tag in model.tags.all()} == {"mail", "eu"}
    assert model.owner == member.user
    assert version.settings == {"entry_point": "echo"}
    assert (version.runs, version.standing.status) == ("loop", "draft")
    assert version.prices.get().usd_micros_per_call == 7
    assert model.aliases.get().version == version


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"name": "Sorter One"}, "name", "Use small letters"),
        ({"capability": ""}, "capability", "Enter a capability"),
        ({"tags": "Äpfel"}, "tags", "Entry 1: Use small letters, digits"),
        ({"input_schema": "{"}, "input_schema", "This is not JSON: line 1"),
        ({"output_schema": '{"type": "thing"}'}, "output_schema", "not a JSON Schema"),
        ({"setting_entry_point": ""}, "setting_entry_point", "the adapter needs it"),
        ({"setting_entry_point": "gone"}, "setting_entry_point", "gone"),
        (
            {"setting_options": "[1]"},
            "setting_options",
            "This is a list. Make it an object.",
        ),
        ({"risk_class": "high"}, "risk_reason", "Say why it is in this risk class."),
        ({"usd_micros_per_call": "-1"}, "usd_micros_per_call", "greater than"),
    ],
)
def test_problems_stand_at_their_field(send, member, given, field, said):
    status, text = send({**MODEL, **given})
    assert status == 422
    start = text.index(f'id="id_{field}-error"')
    assert said in text[start : start + 600]
    assert 'value="sorter"' in text or "name" in given
    assert get(member, "sorter") is None


def test_several_problems_are_shown_at_once(send):
    given = {"setting_base_url": "ftp://x", "setting_prompt": "{{ other }}", "name": ""}
    status, text = send({**CHAT, **given})
    assert status == 422
    for field in ("name", "setting_base_url", "setting_prompt"):
        assert f'id="id_{field}-error"' in text
    assert "3 fields to mend." in text


def test_model_behind_an_address_is_registered_by_form(send, member, settings):
    settings.BATON_EGRESS_ALLOW = ("https://models.example",)
    given = {**CHAT, "setting_base_url": "https://models.example/v1"}
    assert send(given)[0] == 302
    [version] = get(member, "sorter").versions.all()
    assert (version.adapter, version.runs) == ("openai_chat", "wait")
    assert version.settings["max_tokens"] == 64


def test_address_that_is_not_allowed_is_said_at_the_field(send):
    status, text = send({**CHAT, "setting_base_url": "https://models.example/v1"})
    assert status == 422
    start = text.index('id="id_setting_base_url-error"')
    assert "BATON_EGRESS_ALLOW" in text[start : start + 600]


def test_other_adapter_brings_its_fields_and_keeps_what_was_typed(send, member):
    status, text = send({**CHAT, "look": "1", "description": "Typed."})
    assert status == 200
    assert 'name="setting_base_url"' in text
    assert "Typed." in text
    assert "to mend" not in text
    assert get(member, "sorter") is None


def test_name_that_is_taken_is_refused(send, member):
    make_draft(workspace=member.workspace, model="sorter")
    status, text = send(MODEL)
    assert status == 422
    assert "There is a model sorter already." in text


def test_near_duplicate_is_shown_before_it_is_registered(send, member):
    make_draft(workspace=member.workspace, model="twin", capability="classify")
    status, text = send(MODEL)
    assert status == 422
    assert ">twin</a> calls exactly the same" in text
    assert get(member, "sorter") is None
    assert send({**MODEL, "confirmed": "1"})[0] == 302
    assert get(member, "sorter") is not None


def test_person_is_registered_by_form(send, member):
    asked = {
        **{name: MODEL[name] for name in ("name", "capability", "alias")},
        "kind": "person",
        "input_schema": "{}",
        "output_schema": "{}",
        "trains_on_data": "no",
        "who": f"user:{member.user.email}",
        "rate": "0.75",
        "wait": "15",
        "accuracy": "0.97",
    }
    status, text = send({**asked, "accuracy": "97"})
    assert status == 422
    assert 'id="id_accuracy-error"' in text
    assert send(asked)[0] == 302
    person = get(member, "sorter")
    assert (person.kind, person.who) == ("person", f"user:{member.user.email}")
    assert person.rate_usd_micros_per_minute == 750_000
    assert (person.expected_wait_s, person.accuracy) == (900, 0.97)


def test_version_is_added_and_begins_with_the_newest(client, send, member):
    settings = {"entry_point": "echo", "options": {"n": 1}}
    make_draft(workspace=member.workspace, model="sorter", settings=settings)
    page = client.get(reverse("models:new_version", args=["sorter"])).text
    assert "&quot;n&quot;: 1" in page
    same = {
        "adapter": "python_entry_point",
        "runs": "loop",
        "setting_entry_point": "echo",
        "setting_options": '{"n": 1}',
    }
    status, text = send(same, "new_version", "sorter")
    assert status == 422
    assert "This is version 1 already" in text
    other = {**same, "setting_options": '{"n": 2}'}
    assert send(other, "new_version", "sorter")[0] == 302
    assert get(member, "sorter").versions.count() == 2


def test_person_gets_no_further_version(client, member):
    make_person(workspace=member.workspace, model="desk")
    url = reverse("models:new_version", args=["desk"])
    assert client.get(url).status_code == 404


def test_manifest_is_pasted_or_uploaded(send, member):
    pasted = yaml.safe_dump(manifest_document(model="pasted"))
    assert send({"text": pasted}, "manifest")[0] == 302
    uploaded = yaml.safe_dump(
        manifest_document(model="uploaded", capability="other", runs="cpu")
    )
    file = SimpleUploadedFile("model.yaml", uploaded.encode())
    assert send({"file": file, "confirmed": "1"}, "manifest")[0] == 302
    assert get(member, "pasted")
    assert get(member, "uploaded")


def test_problems_of_a_manifest_name_their_lines(send):
    document = manifest_document(model="Bad Name", governance={"data_class": "secret"})
    text = yaml.safe_dump(document, sort_keys=False)
    lines = {
        line.split(":")[0].strip(): n for n, line in enumerate(text.splitlines(), 1)
    }
    status, page = send({"text": text}, "manifest")
    assert status == 422
    for place, key in (("model", "model"), ("governance.data_class", "data_class")):
        assert f"line {lines[key]}</span> <span><code>{place}</code>" in page
    assert "Bad Name" in page


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"text": " "}, "Choose a file or paste the manifest."),
        ({"text": "a: b: c"}, "not YAML"),
        ({"file": b"\xff\xfe"}, "The file is not text in UTF-8."),
        ({"file": b"#" * 300_000}, "The file has more than 256 kB."),
    ],
)
def test_what_is_no_manifest_says_so(send, data, said):
    if "file" in data:
        data = {"file": SimpleUploadedFile("model.yaml", data["file"])}
    status, text = send(data, "manifest")
    assert status == 422
    assert said in text


def test_manifest_moves_no_alias_for_those_who_may_not(client, send, member):
    make_draft(workspace=member.workspace, model="sorter")
    text = yaml.safe_dump(manifest_document(model="sorter", runs="cpu"))
    status, page = send({"text": text}, "manifest")
    assert status == 422
    assert "your role does not include moving it" in page
    owner = make_membership(workspace=member.workspace, role=Role.OWNER)
    client.force_login(owner.user)
    assert send({"text": text}, "manifest")[0] == 302
    assert get(member, "sorter").aliases.get().version.number == 2


def test_description_owner_and_person_are_changed(client, send, member):
    make_person(workspace=member.workspace, model="desk")
    asked = {
        "description": "Answers bills.",
        "tags": "bills",
        "owner": str(member.user_id),
        "card": "# Desk\r\n",
        "who": "role:owner",
        "rate": "1.5",
    }
    status, text = send({**asked, "tags": "No!"}, "edit", "desk")
    assert status == 422
    assert 'id="id_tags-error"' in text
    assert send(asked, "edit", "desk")[0] == 302
    desk = get(member, "desk")
    assert (desk.description, desk.card) == ("Answers bills.", "# Desk\n")
    assert (desk.who, desk.rate_usd_micros_per_minute) == ("role:owner", 1_500_000)
    assert (desk.owner, desk.expected_wait_s) == (member.user, None)


def test_governance_record_is_changed_by_publishers(client, send, member):
    make_draft(workspace=member.workspace, model="sorter")
    publisher = make_membership(workspace=member.workspace, role=Role.PUBLISHER)
    client.force_login(publisher.user)
    asked = {
        "provider": "Fjord AI",
        "data_class": "personal",
        "trains_on_data": "no",
        "risk_class": "limited",
        "review_by": "2027-01-31",
    }
    status, text = send(asked, "govern", "sorter")
    assert status == 422
    assert 'id="id_risk_reason-error"' in text
    assert send({**asked, "risk_reason": "Drafts."}, "govern", "sorter")[0] == 302
    model = get(member, "sorter")
    assert (model.provider, model.data_class) == ("Fjord AI", "personal")
    assert (model.risk_class, model.risk_reason) == ("limited", "Drafts.")
    assert model.review_by.isoformat() == "2027-01-31"
