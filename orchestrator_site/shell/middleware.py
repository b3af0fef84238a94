from django.http import HttpRequest
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin

from orchestrator_site.accounts.api import User


class TimeZoneMiddleware(MiddlewareMixin):
    """Shows times in the person's zone. The API speaks UTC to everybody."""

    def process_request(self, request: HttpRequest) -> None:
        timezone.deactivate()
        if request.path.startswith("/api/"):
            return
        if isinstance(request.user, User):
            timezone.activate(request.user.time_zone)
