import pytest

from model_registry.errors import CasesInvalid, SetRefused, UnknownSet
from model_registry.evaluations.selectors import get_set, list_sets
from model_registry.models import EvaluationSet
from model_registry.services.evaluation_sets import SetTerms, delete_set, upload_set
from orchestrator_site.ledger.api import Event
from tests.factories.accounts import make_workspace
from tests.factories.evaluations import make_evaluation, make_evaluation_set
from tests.factories.models import make_model_version

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
ACTOR = "user:1"


def upload(text, *, name="mails", capability="classify", **terms):
    model = make_model_version(capability=capability).model
    content = text.encode()
    return upload_set(
        model, SetTerms(name=name, **terms), content, is_csv=True, actor=ACTOR
    )


def test_uploaded_file_becomes_a_set():
    made = upload("input.text,expected.label,tags\nhello,a,vip\nbye,b,\n")
    assert (made.case_count, made.measure, made.target) == (2, "label", "label")
    cases = made.cases.order_by("number").values_list(
        "number", "input", "expected", "tags"
    )
    assert list(cases) == [
        (1, {"text": "hello"}, {"label": "a"}, ["vip"]),
        (2, {"text": "bye"}, {"label": "b"}, []),
    ]


def test_digest_is_that_of_the_cases():
    one, same, other = (
        upload(f"input.text,expected.label\na,{label}\n", name=name)
        for name, label in [("one", "x"), ("same", "x"), ("other", "y")]
    )
    assert one.digest == same.digest != other.digest


def test_file_with_a_problem_makes_no_set():
    with pytest.raises(CasesInvalid):
        upload("input.text,expected.label\na,x\nb\n")
    assert not EvaluationSet.objects.exists()


def test_set_is_never_made_over():
    workspace = make_workspace()
    make_evaluation_set(workspace, name="mails")
    with pytest.raises(SetRefused, match="already"):
        make_evaluation_set(workspace, name="mails")


def test_property_that_counts_has_to_be_said_where_it_is_not_plain():
    with pytest.raises(SetRefused, match="have: label, language"):
        upload("input.text,expected.label,expected.language\na,x,en\n")
    made = upload(
        "input.text,expected.label,expected.language\na,x,en\n", target="language"
    )
    assert made.target == "language"
    with pytest.raises(SetRefused, match="line 3: expected has no 'language'"):
        upload(
            "input.text,expected.label,expected.language\na,x,en\nb,y,\n",
            name="more",
            target="language",
        )


def test_scores_are_measured_by_truths():
    with pytest.raises(SetRefused, match=r"line 2: expected\.fraud has to be true"):
        upload("input.amount,expected.fraud\n3,maybe\n", capability="score")
    made = upload("input.amount,expected.fraud\n3,true\n", capability="score")
    assert made.measure == "score"


@pytest.mark.parametrize("terms", [{"name": "No Name"}, {"measure": "taste"}])
def test_terms_that_mean_nothing_are_refused(terms):
    with pytest.raises(SetRefused):
        upload("input.text,expected.label\na,x\n", **terms)


def test_ledger_tells_of_sets_without_their_cases():
    made = upload("input.text,expected.label\nsecret,x\n")
    event = Event.objects.get(kind="evaluation.set_made")
    assert made.digest in str(event.body)
    assert "secret" not in str(event.body)


def test_set_goes_until_somebody_was_measured_by_it():
    version = make_model_version(capability="classify")
    workspace = version.model.workspace
    delete_set(make_evaluation_set(workspace, name="idle"), actor=ACTOR)
    assert not list_sets(workspace).exists()
    used = make_evaluation_set(workspace)
    make_evaluation(version, used)
    with pytest.raises(SetRefused, match="stays"):
        delete_set(used, actor=ACTOR)
    assert get_set(workspace, used.name) == used


def test_sets_of_other_workspaces_are_not_there():
    made = make_evaluation_set(make_workspace())
    with pytest.raises(UnknownSet):
        get_set(make_workspace(), made.name)
