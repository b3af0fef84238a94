"""The only module of `egress` that other apps import.

The client itself, with its HTTP library, is loaded on first use: the web process and
most commands send nothing.
"""

from importlib import import_module

from orchestrator_site.egress.allowance import Allowance, allowance_of
from orchestrator_site.egress.errors import (
    AnswerTooLarge,
    AnswerUnreadable,
    EgressError,
    OriginInvalid,
    OriginKnown,
    TimedOut,
)
from orchestrator_site.egress.exchange import answers_up_to
from orchestrator_site.egress.messages import Answer, Request
from orchestrator_site.egress.models import AllowedOrigin
from orchestrator_site.egress.origins import parse_entry
from orchestrator_site.egress.selectors import (
    installation_allowance,
    list_origins,
    workspace_allowance,
)
from orchestrator_site.egress.services import allow_origin, withdraw_origin

__all__ = [
    "Allowance",
    "AllowedOrigin",
    "Answer",
    "AnswerTooLarge",
    "AnswerUnreadable",
    "EgressError",
    "OriginInvalid",
    "OriginKnown",
    "Request",
    "TimedOut",
    "allow_origin",
    "allowance_of",
    "answers_up_to",
    "installation_allowance",
    "list_origins",
    "parse_entry",
    "send",
    "withdraw_origin",
    "workspace_allowance",
]

CLIENT = "orchestrator_site.egress.client"


def send(asked: Request, allowance: Allowance) -> Answer:
    """Send a request and read the whole answer; blocks, from any thread.

    Raises: EgressError, of which `sent` says whether any of it may have left
    """
    answer: Answer = import_module(CLIENT).send(asked, allowance)
    return answer
