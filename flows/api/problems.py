"""Every error of the API as problem details.

Source: RFC 9457.
"""

import logging
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpResponse, JsonResponse
from rest_framework import exceptions

from approvals.api import ApprovalError
from flows.errors import FlowError
from flows.graph.limits import escape
from model_registry.api import RegistrationRefused

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:baton:problem:"

logger = logging.getLogger(__name__)


def problem(
    code: str, status: int, detail: str, members: Mapping[str, Any] | None = None
) -> JsonResponse:
    """Make a problem document; `members` stand beside the standard ones."""
    document = {
        **(members or {}),
        "type": TYPE_PREFIX + code,
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": detail,
        "code": code,
    }
    return JsonResponse(document, status=status, content_type=MEDIA_TYPE)


def handle(error: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """Answer for whatever a view of REST framework raised."""
    match error:
        case FlowError() | ApprovalError() | RegistrationRefused():
            return problem(error.code, error.http_status, error.message, error.detail)
        case exceptions.ValidationError():
            return _request_invalid(error)
        case exceptions.APIException():
            return _refusal(error)
        case Http404():
            return nothing_here()
        case SuspiciousOperation():
            return bad_request()
    return unexpected(error)


def nothing_here() -> HttpResponse:
    """Answer for an address that leads nowhere."""
    return problem(
        "not_found",
        404,
        "There is nothing at this address. Compare it with /api/v1/docs/; "
        "addresses of flows, runs and approvals end without a slash.",
    )


def bad_request() -> HttpResponse:
    """Answer for a request that Django refuses to look at."""
    return problem(
        "bad_request", 400, "The request cannot be read. Check how it is sent."
    )


def unexpected(error: BaseException | None) -> HttpResponse:
    """Answer for a fault of ours: a reference to its entry in the log, no more."""
    reference = uuid.uuid4().hex
    logger.error("A request failed; reference %s", reference, exc_info=error)
    return problem(
        "internal_error",
        500,
        "Something went wrong on our side. Try again; if it stays, give the reference "
        f"{reference} to whoever runs this installation.",
        {"reference": reference},
    )


def _refusal(error: exceptions.APIException) -> HttpResponse:
    codes = error.get_codes()
    code = codes if isinstance(codes, str) else error.default_code
    members = getattr(error, "members", None)
    response = problem(code, error.status_code, str(error.detail), members)
    if header := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = header
    if wait := getattr(error, "wait", None):
        response["Retry-After"] = str(int(wait))
    return response


def _request_invalid(error: exceptions.ValidationError) -> HttpResponse:
    problems = list(_flatten(error.detail))
    first = problems[0]
    place = f" at '{first['pointer']}'" if first["pointer"] else ""
    detail = f"The request does not fit{place}: {first['message']}"
    return problem("request_invalid", 400, detail, {"problems": problems})


def _flatten(detail: Any, pointer: str = "") -> Iterator[dict[str, str]]:  # noqa: ANN401
    """List what REST framework found, each with a JSON Pointer into the request."""
    if isinstance(detail, dict):
        for key, inner in detail.items():
            is_whole = key == "non_field_errors"
            yield from _flatten(
                inner, pointer if is_whole else f"{pointer}/{escape(str(key))}"
            )
    elif isinstance(detail, list):
        for inner in detail:
            yield from _flatten(inner, pointer)
    else:
        yield {"code": detail.code, "message": str(detail), "pointer": pointer}
