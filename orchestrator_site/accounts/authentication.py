"""How REST framework learns who is asking.

Both classes put the Principal on `request.auth`; `request.principal` is the same.
"""

from rest_framework import authentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from orchestrator_site.accounts.errors import NoMembership, TokenRefused
from orchestrator_site.accounts.models import User
from orchestrator_site.accounts.principal import Principal
from orchestrator_site.accounts.services.tokens import authenticate_token
from orchestrator_site.accounts.sessions import principal_of_session

# For a service token `request.user` is the principal itself: there is no person.
Authenticated = tuple[User | Principal, Principal]


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer baton_…`; a token that does not hold is answered 401."""

    def authenticate(self, request: Request) -> Authenticated | None:
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        try:
            principal = authenticate_token(text.strip())
        except TokenRefused as error:
            raise AuthenticationFailed(str(error), code=error.code) from error
        return _accept(request, principal)

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Baton"'


class SessionAuthentication(authentication.SessionAuthentication):
    """The session of a logged-in person, with the CSRF check."""

    def authenticate(self, request: Request) -> Authenticated | None:
        found = super().authenticate(request)
        if found is None:
            return None
        try:
            principal = principal_of_session(found[0], request.session)
        except NoMembership as error:
            raise PermissionDenied(str(error), code=error.code) from error
        return _accept(request, principal)


def _accept(request: Request, principal: Principal) -> Authenticated:
    request.principal = principal  # type: ignore[attr-defined]
    return principal.user or principal, principal
