"""Keeps shell commands alive as `up` keeps its processes; run as a script.

Arguments: a folder for logs and marks, then one shell command for each child.
"""

import os
import signal
import sys
from pathlib import Path
from threading import Event

from orchestrator_site.supervisor.child import Child, Patience, Program
from orchestrator_site.supervisor.crew import Crew
from orchestrator_site.supervisor.guard import Guard
from orchestrator_site.supervisor.log_file import LogFile


def main(folder: Path, commands: list[str]) -> None:
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    guard, patience = Guard(), Patience(first_delay_s=0.05, stop_s=30.0)
    crew = Crew(patience)
    for number, command in enumerate(commands):
        program = Program(
            f"child-{number}", ["/bin/sh", "-c", command], os.environ, folder
        )
        crew.add(Child(program, LogFile(folder / f"{number}.log"), guard, patience))
    (folder / "started").touch()
    crew.tend_until(lambda: False, stop)
    crew.stop()
    guard.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
