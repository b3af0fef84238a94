from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from orchestrator_site.accounts.api import PageRequest, page
from orchestrator_site.shell.context import Shell


@require_GET
@page()
def navigation(request: PageRequest) -> HttpResponse:
    """The navigation of the open page anew, because a count may have changed."""
    shown = request.htmx.current_url_abs_path or "/"  # type: ignore[attr-defined]
    path = shown.partition("?")[0]
    return render(
        request, "components/_navigation.html", {"shell": Shell(request, path=path)}
    )
