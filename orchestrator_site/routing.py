"""Which socket leads where."""

from channels.security.websocket import WebsocketDenier
from django.urls import path, re_path

from orchestrator_site.live.consumer import LiveConsumer

websocket_urlpatterns = [
    path("ws/live/", LiveConsumer.as_asgi()),
    re_path("", WebsocketDenier.as_asgi()),
]
