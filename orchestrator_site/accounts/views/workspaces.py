from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from orchestrator_site.accounts.pages import PageRequest, page
from orchestrator_site.accounts.sessions import set_active_workspace


@require_POST
@page()
def switch(request: PageRequest) -> HttpResponse:
    """Work in another workspace of the person from now on."""
    mine = request.user.memberships.filter(is_active=True).select_related("workspace")
    slug = request.POST.get("workspace", "")
    chosen = get_object_or_404(mine, workspace__slug=slug)
    set_active_workspace(request.session, chosen.workspace)
    return redirect("home")
