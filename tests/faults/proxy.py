"""A network between a worker and its PostgreSQL that can be cut without a word."""

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import quote

from django.db import connection

CHUNK = 65_536
LOOK_S = 0.02


class Proxy:
    """Passes bytes on, or holds all of them back until the network is whole again."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._whole, self._over = threading.Event(), threading.Event()
        self._whole.set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(LOOK_S)
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    @property
    def url(self) -> str:
        """The test database's address by way of this proxy."""
        given, port = connection.settings_dict, self._listener.getsockname()[1]
        user = quote(given["USER"] or "postgres")
        return f"postgres://{user}@127.0.0.1:{port}/{given['NAME']}"

    def cut(self) -> None:
        self._whole.clear()

    def heal(self) -> None:
        self._whole.set()

    def close(self) -> None:
        self._over.set()
        self._whole.set()
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _accept(self) -> None:
        while not self._over.is_set():
            with suppress(TimeoutError):
                near, _ = self._listener.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(self._server)
                thread = threading.Thread(target=self._pass_on, args=(near, far))
                self._threads.append(thread)
                thread.start()

    def _pass_on(self, near: socket.socket, far: socket.socket) -> None:
        other = {near: far, far: near}
        with near, far, suppress(OSError):
            while not self._over.is_set():
                for ready in select.select([near, far], [], [], LOOK_S)[0]:
                    data = ready.recv(CHUNK)
                    self._whole.wait()
                    if not data:
                        return
                    other[ready].sendall(data)


@contextmanager
def own_network() -> Iterator[Proxy]:
    """A way to the test database that can be cut."""
    folder, port = connection.settings_dict["HOST"], connection.settings_dict["PORT"]
    proxy = Proxy(f"{folder}/.s.PGSQL.{port or 5432}")
    try:
        yield proxy
    finally:
        proxy.close()
