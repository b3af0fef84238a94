"""What to do about an error of a run, by its code."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OTHERWISE = _("Mend what the message names, then run it again with the same input.")
ADVICE: Mapping[str, str | Promise] = {
    "run_cancelled": _("Run it again if the work is still wanted."),
    "node_timed_out": _(
        "Run it again. If it happens often, give the node more time in the flow."
    ),
    "model_timed_out": _(
        "Run it again. If it happens often, give the node more time in the flow."
    ),
    "model_overloaded": _("Run it again in a few minutes."),
    "model_unavailable": _(
        "Check that the model's address or program is reachable, then run it again."
    ),
    "model_not_found": _("Register the model, or choose another in the flow."),
    "model_alias_not_found": _(
        "Point the alias at a version, or choose another in the flow."
    ),
    "model_input_invalid": _("Mend the node's input in the flow, then run it again."),
    "model_output_invalid": _("Look at the version of the model that answered."),
    "condition_not_boolean": _("Mend the condition in the flow, then run it again."),
    "expression_failed": _("Mend the expression in the flow, then run it again."),
}


def advice_for(code: str) -> str:
    """One sentence: the next thing to do."""
    return str(ADVICE.get(code, OTHERWISE))
