"""What people fill in about evaluations and sharing."""

from collections.abc import Iterable, Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from model_registry.evaluations.case_files import MAX_BYTES
from model_registry.evaluations.measures import Measure, metric_names
from model_registry.governance import DataClass
from model_registry.models import EvaluationSet, Grant, Model, ModelVersion
from orchestrator_site.accounts.api import QuestionForm, ShareForm

INPUT = {"class": "input"}
MEASURES = [("", _("As usual for the capability")), *((m, m) for m in Measure)]
CLASSES = [("", _("Not stated")), *((each, each) for each in DataClass)]


def _select() -> forms.Select:
    return forms.Select(attrs=INPUT)


class EvaluationForm(QuestionForm):
    """Which version on which set."""

    version = forms.ModelChoiceField(
        ModelVersion.objects.none(),
        to_field_name="number",
        label=_("Version"),
        widget=_select(),
        empty_label=None,
    )
    evaluation_set = forms.ModelChoiceField(
        EvaluationSet.objects.none(),
        to_field_name="name",
        label=_("Evaluation set"),
        widget=_select(),
        empty_label=None,
    )

    def __init__(
        self, *args: object, model: Model, sets: Iterable[EvaluationSet], **kw: object
    ) -> None:
        super().__init__(*args, **kw)
        _offer(self, "version", model.versions.order_by("-number"))
        _offer(self, "evaluation_set", sets)


class RuleForm(QuestionForm):
    """What an alias asks for."""

    alias = forms.SlugField(
        max_length=64,
        label=_("Alias"),
        initial="champion",
        widget=forms.TextInput(INPUT),
    )
    evaluation_set = forms.ModelChoiceField(
        EvaluationSet.objects.none(),
        to_field_name="name",
        label=_("Evaluation set"),
        widget=_select(),
        empty_label=None,
    )
    metric = forms.ChoiceField(label=_("Metric"), widget=_select())
    bound = forms.FloatField(
        min_value=0,
        label=_("Bound"),
        help_text=_(
            "The lower end of the interval has to be at least this; of mae and smape "
            "the upper end at most."
        ),
        widget=forms.TextInput({**INPUT, "inputmode": "decimal"}),
    )

    def __init__(
        self, *args: object, sets: Iterable[EvaluationSet], **kw: object
    ) -> None:
        super().__init__(*args, **kw)
        _offer(self, "evaluation_set", sets)
        measures = {Measure(each.measure) for each in sets}
        names = [
            name
            for measure in Measure
            if measure in measures
            for name in metric_names(measure)
        ]
        metric = self.fields["metric"]
        assert isinstance(metric, forms.ChoiceField)  # noqa: S101  for the type checker
        metric.choices = [(name, name) for name in dict.fromkeys(names)]


class UploadForm(forms.Form):
    """A file with cases, and how it measures."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            'CSV with columns input.NAME and expected.NAME, or JSON Lines with "input" '
            'and "expected". At most 20 MB and 10,000 cases.'
        ),
        widget=forms.FileInput({**INPUT, "accept": ".csv,.jsonl,.ndjson"}),
    )
    name = forms.SlugField(
        max_length=64,
        label=_("Name of the set"),
        help_text=_("A set never changes; further cases make a set of another name."),
        widget=forms.TextInput({**INPUT, "autocomplete": "off"}),
    )
    measure = forms.ChoiceField(
        choices=MEASURES, required=False, label=_("Measured by"), widget=_select()
    )
    target = forms.CharField(
        max_length=100,
        required=False,
        label=_("Property of the answer"),
        help_text=_("Where every case expects just one, it is that one."),
        widget=forms.TextInput({**INPUT, "autocomplete": "off"}),
    )
    data_class = forms.ChoiceField(
        choices=CLASSES,
        required=False,
        label=_("How sensitive are the cases?"),
        help_text=_("What is not stated goes to no model outside."),
        widget=_select(),
    )

    def clean_file(self) -> object:
        """Refuse what is too large before it is read."""
        given = self.cleaned_data["file"]
        if given.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 20 MB."))
        return given


class GrantForm(ShareForm):
    """Who else may use a model, and how."""

    access = forms.ChoiceField(
        choices=Grant.Access.choices,
        label=_("It may"),
        initial=Grant.Access.CALL,
        widget=_select(),
    )


class CopyForm(QuestionForm):
    """What a copy is called, and of what it is one."""

    name = forms.SlugField(
        max_length=64,
        label=_("Name here"),
        help_text=_("Flows that call the shared model by its name go on doing so."),
        widget=forms.TextInput(attrs={"class": "input", "spellcheck": "false"}),
        error_messages={"required": _("Enter a name.")},
    )
    alias = forms.ChoiceField(
        label=_("Version"),
        help_text=_("The one at which this alias points now."),
        widget=_select(),
    )

    def __init__(
        self, *args: object, aliases: Sequence[str], name: str, **kw: object
    ) -> None:
        super().__init__(*args, initial={"name": name}, **kw)
        field = self.fields["alias"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = [(alias, alias) for alias in aliases]


def _offer(form: forms.Form, name: str, choices: object) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  for the type checker
    field.queryset = choices  # type: ignore[assignment]
