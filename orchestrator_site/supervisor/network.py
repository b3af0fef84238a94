"""Where the pages are served, and whether they answer."""

import http.client
import json
import socket

from orchestrator_site.supervisor.errors import CannotRun, PortTaken

ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


def is_loopback(host: str) -> bool:
    """True where only this machine can reach the address."""
    return host in {"localhost", "::1"} or host.startswith("127.")


def require_free(host: str, port: int) -> None:
    """Raises: PortTaken, CannotRun for a host name that this machine does not know."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
    except socket.gaierror as error:
        raise CannotRun(f"--host {host} is no address of this machine.") from error
    with socket.socket(family, kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            raise PortTaken(host, port, error.strerror or str(error)) from error


def ask_health(host: str, port: int) -> str:
    """Return "" when everything answers, else what is missing."""
    connection = http.client.HTTPConnection(ANY_ADDRESS.get(host, host), port, 5)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        answer = connection.getresponse()
        body = answer.read()
        return "" if answer.status == http.HTTPStatus.OK else _missing(body)
    except (OSError, http.client.HTTPException):
        return "web"
    finally:
        connection.close()


def _missing(body: bytes) -> str:
    try:
        return ", ".join(json.loads(body)["missing"])
    except (ValueError, KeyError, TypeError):
        return "web"
