"""A question before something is done: a dialog over the page, or a page of its own."""

from dataclasses import dataclass
from typing import Protocol

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from orchestrator_site.accounts.pages import PageRequest


class Refused(Protocol):
    """An error whose words are for the person who answered."""

    @property
    def http_status(self) -> int: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """`verb` stands on the button that does it, `keep` on the one that does not."""

    title: str
    text: str
    verb: str
    keep: str
    back: str
    is_harmful: bool = False
    form: Form | None = None


def ask(
    request: PageRequest, question: Question, *, error: Refused | None = None
) -> HttpResponse:
    """Show the question; with `error`, why what was answered could not be done."""
    is_part = request.htmx  # type: ignore[attr-defined]
    page = "accounts/_question_dialog.html" if is_part else "accounts/question.html"
    status = error.http_status if error else 200
    if question.form is not None and question.form.errors:
        status = 422
    context = {"question": question, "error": error}
    response = render(request, page, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
