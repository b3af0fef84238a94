"""What every page asks before it answers: who is it, and may they."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from orchestrator_site.accounts.errors import NoMembership
from orchestrator_site.accounts.models import User
from orchestrator_site.accounts.principal import Principal
from orchestrator_site.accounts.roles import Permission
from orchestrator_site.accounts.sessions import principal_of_session

Asked = ParamSpec("Asked")


class PageRequest(HttpRequest):
    """A request of somebody logged in, in the workspace that is active."""

    principal: Principal
    user: User


Page = Callable[Concatenate[PageRequest, Asked], HttpResponseBase]
View = Callable[..., HttpResponseBase]


def page(permission: Permission | None = None) -> Callable[[Page[Asked]], View]:
    """Let a view answer members of a workspace, with `permission` if one is named.

    The view finds them in `request.principal`. Others are sent to log in, or get 403
    with a sentence that names what is missing.
    """

    def decorate(view: Page[Asked]) -> View:
        @wraps(view)
        def checked(
            request: HttpRequest, *args: Asked.args, **kwargs: Asked.kwargs
        ) -> HttpResponseBase:
            principal = _principal_of(request)
            if permission is not None and not principal.can(permission):
                raise PermissionDenied(
                    _("Your role %(role)s does not include %(permission)s.")
                    % {"role": principal.role, "permission": permission}
                )
            request.principal = principal  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)  # type: ignore[arg-type]

        return login_required(checked)

    return decorate


def _principal_of(request: HttpRequest) -> Principal:
    try:
        return principal_of_session(request.user, request.session)  # type: ignore[arg-type]
    except NoMembership as error:
        raise PermissionDenied(str(error)) from error
