"""Clients that send a real token with every request."""

from collections.abc import Collection
from typing import Any

import orjson
from django.test import Client

from orchestrator_site.accounts.models import User, Workspace
from orchestrator_site.accounts.roles import Role, Scope
from tests.factories.accounts import make_token

API = "/api/v1"
JSON = "application/json"


class ApiClient(Client):
    """Sends and reads JSON under /api/v1."""

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.generic(
            method, API + path, _encode(body), content_type=JSON, headers=names
        )

    def read(self, path: str, **query: Any) -> Any:
        response = self.get(API + path, query)
        assert response.status_code == 200, response.content
        return response.json()


def make_client(
    workspace: Workspace,
    *,
    role: Role = Role.OWNER,
    scopes: Collection[Scope] = tuple(Scope),
    user: User | None = None,
) -> ApiClient:
    """A client with a token of a service, or of a member."""
    _, text = make_token(workspace=workspace, user=user, role=role, scopes=scopes)
    return ApiClient(headers={"authorization": f"Bearer {text}"})


def _encode(body: Any) -> bytes:
    if isinstance(body, bytes):
        return body
    return b"" if body is None else orjson.dumps(body)
