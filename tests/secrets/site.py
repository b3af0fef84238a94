"""Asking the real web process, as a program with a token or as somebody logged in."""

from typing import Any

import httpx2
from django.conf import settings
from django.test import Client

CSRF = "c" * 32


class Site:
    """`answers` are all that ever came, refusals too."""

    def __init__(self, url: str, token: str, user: Any) -> None:
        browser = Client()
        browser.force_login(user)
        session = settings.SESSION_COOKIE_NAME
        cookies = {
            session: browser.cookies[session].value,
            settings.CSRF_COOKIE_NAME: CSRF,
        }
        self._program = httpx2.Client(
            base_url=f"{url}/api/v1",
            headers={"Authorization": f"Bearer {token}"},
            timeout=60,
        )
        self._browser = httpx2.Client(
            base_url=url,
            cookies=cookies,
            headers={"X-CSRFToken": CSRF, "Referer": url},
            follow_redirects=True,
            timeout=60,
        )
        self.answers: list[bytes] = []

    def api(self, method: str, path: str, body: Any = None) -> int:
        return self._heard(self._program.request(method, path, json=body))

    def page(self, path: str, form: dict[str, str] | None = None) -> int:
        method = "GET" if form is None else "POST"
        return self._heard(self._browser.request(method, path, data=form))

    def close(self) -> None:
        self._program.close()
        self._browser.close()

    def _heard(self, response: httpx2.Response) -> int:
        self.answers += [response.content, str(response.headers).encode()]
        return response.status_code
