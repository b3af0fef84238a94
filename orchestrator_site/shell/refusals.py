"""What a page says when it is refused: a page of its own, or a sentence for the note.

A fragment's refusal is plain text: static/js/failures.js shows it and swaps nothing.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler403; the exception's words name what is missing."""
    return _refused(request, str(exception))


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer to a form whose token is missing or old; nothing was changed."""
    return _refused(
        request,
        _(
            "This form could not be matched with your session, so nothing was changed. "
            "Allow cookies, go back, load the page again and send the form once more."
        ),
    )


def _refused(request: HttpRequest, sentence: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(sentence, status=403, content_type="text/plain")
    return render(request, "403.html", {"sentence": sentence}, status=403)
