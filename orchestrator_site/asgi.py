"""The web process."""

import os
from typing import Any

import django
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from channels.sessions import CookieMiddleware

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "orchestrator_site.settings.prod")

django.setup(set_prefix=False)

# What follows needs the apps, which the line above loads.
from flows.conductor.process import PROCESS, spare_what_is_loaded  # noqa: E402
from orchestrator_site.handler import OneThreadHandler  # noqa: E402
from orchestrator_site.routing import websocket_urlpatterns  # noqa: E402

pages = OneThreadHandler()


async def http(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401  ASGI's
    """Answer a request, in a process that drives the runs that its requests wait for."""
    PROCESS.allow_driving()
    await pages(scope, receive, send)


application = ProtocolTypeRouter(
    {
        "http": http,
        # The consumer itself asks who the cookie's person is, again and again.
        "websocket": AllowedHostsOriginValidator(
            CookieMiddleware(URLRouter(websocket_urlpatterns))
        ),
    }
)

spare_what_is_loaded()
