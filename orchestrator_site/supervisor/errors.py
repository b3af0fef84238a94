"""Why `up` does not start or does not go on; each text is what the person reads."""


class CannotRun(Exception):
    """The stack cannot run; the text says why and what to do."""


class ChildKeepsDying(CannotRun):
    """A process ended several times in a row shortly after its start."""

    def __init__(self, name: str, code: int, tail: str) -> None:
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        super().__init__(
            f"{name} ends again and again shortly after its start ({how}). "
            f"Its last output:\n{tail}"
        )


class AlreadyRunning(CannotRun):
    """Another `up` holds the data folder."""

    def __init__(self, folder: str, pid: object, address: object) -> None:
        super().__init__(
            f"Baton already runs on {folder}: process {pid} at {address}. Stop that "
            "one first, or give this one another folder with --data-dir."
        )


class PortTaken(CannotRun):
    """Something else listens where the pages are to be served."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(
            f"Baton cannot listen on {host} port {port}: {reason}. "
            "Choose another one with --port or BATON_PORT."
        )
