"""A word on what was done, on a page that stays where it is.

Where a view redirects, `django.contrib.messages` says the same on the next page.
"""

from django.http import HttpResponse
from django_htmx.http import trigger_client_event


def toast(
    response: HttpResponse, text: str, *, action: tuple[str, str] | None = None
) -> HttpResponse:
    """Let the page say `text`; `action` is the label and address of one link."""
    said: dict[str, object] = {"target": "body", "text": text}
    if action is not None:
        label, url = action
        said["action"] = {"label": label, "url": url}
    return trigger_client_event(response, "toast", said)


def close_dialog(response: HttpResponse) -> HttpResponse:
    """Let the page close the dialog whose form was answered."""
    return trigger_client_event(response, "dialog:close", {"target": "body"})
