"""Makes sure that the locked packages are what Python imports, before anything else.

Standard library only, and free of syntax that an old Python cannot read. The usual
case costs one hash of the lock file and one comparison with the stamp that the last
finished installation left in its environment.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator, NoReturn, Sequence

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = "baton-installed.json"
LOCKS = dict.fromkeys(("bench", "test"), ("requirements.txt", "requirements-test.txt"))
OLDEST, NEWEST = (3, 11), (3, 13)
PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)\s*(;)?")


class CannotInstall(Exception):
    """The packages cannot be installed; the text says why and what to do."""


def ensure_installed(argv: list[str]) -> list[str]:
    """Return `argv` without `--no-install` once the locked packages are importable.

    Installs them first where they are not, then runs the command again inside.
    """
    may_install = "--no-install" not in argv
    argv = [word for word in argv if word != "--no-install"]
    locks = LOCKS.get(argv[1] if len(argv) > 1 else "", ("requirements.txt",))
    try:
        check_version(sys.version_info[:2])
        _make_ready(argv, locks, may_install=may_install)
    except CannotInstall as problem:
        sys.exit(str(problem))
    except KeyboardInterrupt:
        sys.exit("Stopped before the installation was complete. Run the command again.")
    return argv


def check_version(version: tuple[int, int]) -> None:
    if OLDEST <= version <= NEWEST:
        return
    raise CannotInstall(
        f"Baton runs on Python {_dotted(OLDEST)} to {_dotted(NEWEST)}; this is "
        f"{_dotted(version)}. Start it with another one, such as: "
        f"python{_dotted(NEWEST)} manage.py up"
    )


def _dotted(version: tuple[int, int]) -> str:
    return ".".join(str(part) for part in version)


def _make_ready(argv: list[str], locks: Sequence[str], *, may_install: bool) -> None:
    if _is_stamped(Path(sys.prefix), locks):
        return
    inside = sys.prefix != sys.base_prefix
    if not inside and _is_stamped(VENV, locks):
        _run_again(argv)
    if _is_importable(locks[-1]):
        return
    if not may_install:
        raise CannotInstall(
            f"The packages of {locks[-1]} are not installed, and --no-install forbids "
            "installing them. Run the command without it, or install that file."
        )
    with _one_at_a_time() as lock:
        if inside:
            _install(Path(sys.prefix), locks, lock)
        elif not _is_stamped(VENV, locks):
            _refuse_link()
            _make_venv()
            _install(VENV, locks, lock)
    _run_again(argv, None if inside else VENV)


def _run_again(argv: list[str], venv: Path | None = VENV) -> NoReturn:
    python = str(_python(venv)) if venv else sys.executable
    sys.stdout.flush()
    os.execv(python, [python] + argv)


# What is installed


def _digests(locks: Sequence[str]) -> dict[str, str]:
    return {
        name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in locks
    }


def _is_stamped(prefix: Path, locks: Sequence[str]) -> bool:
    """True where the last installation into `prefix` finished and was of these locks."""
    stamp = _read_stamp(prefix)
    return all(stamp.get(name) == digest for name, digest in _digests(locks).items())


def _read_stamp(prefix: Path) -> dict[str, str]:
    try:
        stamp = json.loads((prefix / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _is_importable(lock: str) -> bool:
    """Compare what this Python finds with the lock, where no stamp tells.

    An image into which someone installed the lock by other means passes.
    """
    allowed: dict[str, set[str]] = {}
    conditional = set()
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        pinned = PINNED.match(line)
        if pinned:
            allowed.setdefault(pinned.group(1), set()).add(pinned.group(2))
            if pinned.group(3):
                conditional.add(pinned.group(1))
    for name, versions in allowed.items():
        try:
            if importlib.metadata.version(name) not in versions:
                return False
        except importlib.metadata.PackageNotFoundError:
            if name not in conditional:
                return False
    return True


# Installing


@contextmanager
def _one_at_a_time() -> Iterator[int]:
    """Two commands that start together do not install over each other.

    The installer inherits the lock: one that outlives us is waited for.
    """
    handle = os.open(str(ROOT), os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("Waiting for another installation into this checkout to end")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def _refuse_link() -> None:
    """Leave an environment alone that other checkouts may use."""
    if VENV.is_symlink():
        raise CannotInstall(
            f"{VENV} is a link to {VENV.resolve()}, whose packages are not those of this "
            "checkout. Remove the link to get an environment of its own, or activate that "
            "one to install there."
        )


def _make_venv() -> None:
    """Make `.venv`, or make it anew where the last installation was cut short.

    Without pip inside: this Python's own pip installs into it, so that the missing
    ensurepip of a system Python does not matter.
    """
    unfinished = _read_stamp(VENV).get("state") == "installing"
    if not unfinished and _succeeds([str(_python(VENV)), "-c", ""]):
        return
    _say("Making the virtual environment .venv")
    command = [sys.executable, "-m", "venv", "--without-pip", "--clear", str(VENV)]
    if subprocess.call(command) != 0:
        raise CannotInstall(
            f"Python could not make a virtual environment in {VENV}; its own words "
            "stand above."
        )


def _install(prefix: Path, locks: Sequence[str], handle: int) -> None:
    """Install the lock into `prefix`; only a finished installation is stamped."""
    python = _python(prefix)
    again = _read_stamp(prefix).get("state") == "installing"
    _write_stamp(prefix, {"state": "installing"})
    where = ".venv" if prefix == VENV else f"the active environment {prefix}"
    _say(f"Installing the packages of {locks[-1]} into {where} (about a minute)")
    lock = ["--require-hashes", "-r", str(ROOT / locks[-1])]
    uv = shutil.which("uv")
    if uv:
        command = [uv, "pip", "install", "--quiet", "--python", str(python)] + lock
        command += ["--reinstall"] if again else []
    else:
        command = _pip(python) + ["install", "-qq", "--no-input"] + lock
        command += ["--disable-pip-version-check", "--no-warn-script-location"]
        command += ["--force-reinstall"] if again else []
    if subprocess.call(command, pass_fds=(handle,)) != 0:
        raise CannotInstall(
            "The packages could not be installed; the installer's words stand above."
            " Put right what they name (often the network) and run the command again."
        )
    _write_stamp(prefix, _digests(locks))


def _pip(python: Path) -> list[str]:
    """Find a pip that can install for `python`: its own, this one's, or a bundled one."""
    own = [str(python), "-m", "pip"]
    ours = [sys.executable, "-m", "pip", "--python", str(python)]
    for pip in (own, ours):
        if _succeeds(pip + ["--version"]):
            return pip
    if _succeeds([str(python), "-m", "ensurepip"]):
        return own
    raise CannotInstall(
        "This Python has no pip, and uv is not on PATH. Install one of them"
        " (on Debian: apt install python3-pip) and run the command again."
    )


def _succeeds(command: list[str]) -> bool:
    try:
        quiet = subprocess.DEVNULL
        return subprocess.call(command, stdout=quiet, stderr=quiet) == 0
    except OSError:
        return False


def _python(prefix: Path) -> Path:
    return prefix / "bin" / "python"


def _write_stamp(prefix: Path, stamp: dict[str, str]) -> None:
    draft = prefix / (STAMP + ".new")
    draft.write_text(json.dumps(stamp), encoding="utf-8")
    draft.replace(prefix / STAMP)


def _say(sentence: str) -> None:
    print(sentence + " ...", file=sys.stderr, flush=True)
