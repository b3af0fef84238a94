"""Answering with a page, or with the part of it that htmx asked for."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails

from orchestrator_site.accounts.api import PageRequest


def is_fragment(request: PageRequest) -> bool:
    """Whether a part of the page is asked for."""
    htmx = HtmxDetails(request)
    return bool(htmx) and not htmx.history_restore_request


def answer(
    request: PageRequest, page: str, fragment: str, context: dict[str, Any]
) -> HttpResponse:
    """Render the whole page, or its fragment."""
    template = fragment if is_fragment(request) else page
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response
