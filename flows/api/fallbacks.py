"""Problem details where no view of REST framework is reached."""

import sys

from django.http import HttpRequest, HttpResponse
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt

from flows.api import problems

API = "/api/"


@csrf_exempt
def nothing_here(request: HttpRequest) -> HttpResponse:
    """Answer for every other address under /api/."""
    return problems.nothing_here()


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400."""
    if request.path.startswith(API):
        return problems.bad_request()
    return defaults.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500."""
    if request.path.startswith(API):
        return problems.unexpected(sys.exception())
    return defaults.server_error(request)
