"""The web process."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from channels.sessions import CookieMiddleware
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "orchestrator_site.settings.prod")

http = get_asgi_application()

# What follows needs the apps, which the line above loads.
from flows.conductor.process import PROCESS  # noqa: E402
from orchestrator_site.routing import websocket_urlpatterns  # noqa: E402

PROCESS.allow_driving()

application = ProtocolTypeRouter(
    {
        "http": http,
        # The consumer itself asks who the cookie's person is, again and again.
        "websocket": AllowedHostsOriginValidator(
            CookieMiddleware(URLRouter(websocket_urlpatterns))
        ),
    }
)
