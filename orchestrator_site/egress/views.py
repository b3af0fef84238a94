"""Which services outside the flows of a workspace may call."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from orchestrator_site.accounts.api import (
    PageRequest,
    Permission,
    Question,
    ask,
    page,
)
from orchestrator_site.egress.errors import OriginInvalid, OriginKnown
from orchestrator_site.egress.forms import OriginForm
from orchestrator_site.egress.models import AllowedOrigin
from orchestrator_site.egress.selectors import installation_allowance, list_origins
from orchestrator_site.egress.services import allow_origin, withdraw_origin

METHODS = ["GET", "HEAD", "POST"]


@require_safe
@page(Permission.EGRESS_VIEW)
def services(request: PageRequest) -> HttpResponse:
    """The workspace's own list, and that of the installation."""
    own = list(list_origins(request.principal.workspace))
    entries = installation_allowance().entries
    context = {
        "own": own,
        "shared": sorted({str(entry.origin) for entry in entries}),
        "can_manage": request.principal.can(Permission.EGRESS_MANAGE),
    }
    return render(request, "egress/services.html", context)


@require_http_methods(METHODS)
@page(Permission.EGRESS_MANAGE)
def allow(request: PageRequest) -> HttpResponse:
    """Ask for an origin, then allow it."""
    form = OriginForm(request.POST or None)
    if not form.is_valid():
        return ask(request, _allowing(form))
    principal = request.principal
    try:
        allowed = allow_origin(
            principal.workspace, form.cleaned_data["origin"], actor=principal.actor
        )
    except (OriginInvalid, OriginKnown) as error:
        form.add_error("origin", str(error))
        return ask(request, _allowing(form))
    messages.success(request, _("Allowed: %s") % allowed.origin)
    return redirect("egress:services")


@require_http_methods(METHODS)
@page(Permission.EGRESS_MANAGE)
def withdraw(request: PageRequest, origin_id: UUID) -> HttpResponse:
    """Ask, then stop an origin."""
    allowed = get_object_or_404(
        AllowedOrigin.objects.in_workspace(request.principal.workspace), pk=origin_id
    )
    if request.method != "POST":
        return ask(request, _withdrawing(allowed))
    withdraw_origin(allowed, actor=request.principal.actor)
    messages.success(request, _("No longer allowed: %s") % allowed.origin)
    return redirect("egress:services")


def _allowing(form: OriginForm) -> Question:
    return Question(
        title=_("Allow a service"),
        text=_(
            "HTTP requests of this workspace's flows may then go there, with whatever "
            "the flows put into them."
        ),
        verb=_("Allow"),
        keep=_("Not now"),
        back=reverse("egress:services"),
        form=form,
    )


def _withdrawing(allowed: AllowedOrigin) -> Question:
    return Question(
        title=_("Stop calling %s?") % allowed.origin,
        text=_(
            "From now on steps that call it fail, also in runs that are under way. A "
            "request that has left already is not taken back."
        ),
        verb=_("Stop"),
        keep=_("Keep it"),
        back=reverse("egress:services"),
        is_harmful=True,
    )
