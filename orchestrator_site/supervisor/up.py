"""`manage.py up`: from a checkout to a stack that answers, and back to nothing."""

import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Event

from orchestrator_site import runtime
from orchestrator_site.supervisor import data_dir, network, programs
from orchestrator_site.supervisor.child import Child, Patience, Program
from orchestrator_site.supervisor.crew import Crew
from orchestrator_site.supervisor.errors import CannotRun, PortTaken
from orchestrator_site.supervisor.guard import Guard
from orchestrator_site.supervisor.log_file import LogFile
from orchestrator_site.supervisor.options import Options, parse_options
from orchestrator_site.supervisor.prepare import Prepared, prepare
from orchestrator_site.supervisor.valkey import Valkey, prepare_valkey

READY_WITHIN_S = 180.0
LEFTOVERS_END_WITHIN_S = 6.0
ASK_EVERY_S = 0.3


def main(argv: Sequence[str]) -> int:
    """Run the stack until a signal ends it; returns the exit code."""
    os.umask(0o077)
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        _stop_on(number, stop)
    try:
        options = parse_options(argv)
        data_dir.make_private(options.data_dir)
        with data_dir.held(options.data_dir):
            _require_free_port(options)
            _run(options, stop)
    except CannotRun as problem:
        _say(str(problem))
        return 1
    return 0


def _stop_on(number: signal.Signals, stop: Event) -> None:
    if number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN:
        return  # under nohup
    signal.signal(number, lambda *_: stop.set())


def _require_free_port(options: Options) -> None:
    """Wait a little where the last stack was killed: its guard may still be at work."""
    was_killed = bool(runtime.read(options.data_dir))
    deadline = time.monotonic() + (LEFTOVERS_END_WITHIN_S if was_killed else 0.0)
    while True:
        try:
            return network.require_free(options.host, options.port)
        except PortTaken:
            if time.monotonic() >= deadline:
                raise
        time.sleep(ASK_EVERY_S)


def _run(options: Options, stop: Event) -> None:
    own_broker = not programs.is_given("REDIS_URL")
    valkey = prepare_valkey(options.data_dir) if own_broker else None
    env = programs.environment(options, valkey.url if valkey else None)
    facts = {"address": options.address, "pid": os.getpid()}
    if valkey:
        facts["redis_url"] = valkey.url
    guard = Guard()
    with data_dir.announced(options.data_dir, facts), _crew(guard) as crew:
        stack = _Stack(options, env, crew, guard)
        if stack.start(valkey, stop):
            crew.tend_until(lambda: False, stop)
        _say("Stopping ...")


@contextmanager
def _crew(guard: Guard) -> Iterator[Crew]:
    """Whatever happens, no child outlives the supervisor."""
    crew = Crew(Patience())
    try:
        yield crew
    finally:
        crew.stop()
        guard.close()


class _Stack:
    """One start of everything, in the order in which the parts need each other."""

    def __init__(
        self, options: Options, env: dict[str, str], crew: Crew, guard: Guard
    ) -> None:
        self._options = options
        self._env = env
        self._crew = crew
        self._guard = guard

    def start(self, valkey: Valkey | None, stop: Event) -> bool:
        """Start all and wait until it answers; False if `stop` came first."""
        if valkey:
            self._add(programs.broker(valkey, self._env))
        _say("Preparing the database ...")
        prepared = prepare(self._options, self._env, self._guard, stop)
        if prepared is None:
            return False
        _tell(prepared)
        _say("Starting the web and worker processes ...")
        self._add(programs.web(self._options, self._env))
        for number in range(1, self._options.workers + 1):
            self._add(programs.worker(number, self._options, self._env))
        self._crew.tend_until(_Readiness(self._options), stop)
        if not stop.is_set():
            _say(f"Baton is ready: {self._options.address}   (Ctrl-C stops it)")
        return not stop.is_set()

    def _add(self, program: Program) -> None:
        path = self._options.data_dir / "logs" / f"{program.name}.log"
        self._crew.add(Child(program, LogFile(path), self._guard, Patience()))


class _Readiness:
    """Asks the stack's own health page, now and then, until it is content."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._give_up_at = time.monotonic() + READY_WITHIN_S
        self._ask_at = 0.0

    def __call__(self) -> bool:
        now = time.monotonic()
        if now < self._ask_at:
            return False
        missing = network.ask_health(self._options.host, self._options.port)
        if missing and now > self._give_up_at:
            raise CannotRun(
                f"Baton did not become ready within {READY_WITHIN_S:.0f} s: {missing} "
                f"did not answer. The logs are in {self._options.data_dir / 'logs'}."
            )
        self._ask_at = time.monotonic() + ASK_EVERY_S
        return not missing


def _tell(prepared: Prepared) -> None:
    for note in prepared.notes:
        _say(note)
    if prepared.login:
        email, password = prepared.login
        _say(f"First login, shown this once:  {email}  {password}")
    else:
        _say("Log in as before. For a new password: manage.py reset_password EMAIL")


def _say(text: str) -> None:
    with suppress(BrokenPipeError):  # whoever read along has left
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
