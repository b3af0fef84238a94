"""The bootstrap in a checkout of its own, with an installer that only takes notes."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from orchestrator_site import bootstrap
from tests.architecture.source_tree import ROOT
from tests.orchestrator_site.supervisor.waiting import wait_until

PYTHON = str(Path(sys.base_prefix) / "bin" / "python3")
COMMAND = """\
import json, sys
from orchestrator_site import bootstrap
print(json.dumps([sys.prefix, bootstrap.ensure_installed(sys.argv)]))
"""
UV = """\
#!/bin/sh
echo "$@" >> "{notes}"
exit $(cat "{notes}.code" 2>/dev/null || echo 0)
"""


class Checkout:
    def __init__(self, folder: Path) -> None:
        self.folder = folder / "checkout"
        (self.folder / "orchestrator_site").mkdir(parents=True)
        source = ROOT / "orchestrator_site"
        for name in ("__init__.py", "bootstrap.py"):
            shutil.copy(source / name, self.folder / "orchestrator_site" / name)
        (self.folder / "manage.py").write_text(COMMAND)
        for name in ("requirements.txt", "requirements-test.txt"):
            self.lock(name, "baton-sample==1.0")
        self.notes = folder / "notes"
        self.uv = folder / "bin" / "uv"
        self.uv.parent.mkdir()
        self.uv.write_text(UV.format(notes=self.notes))
        self.uv.chmod(0o755)
        self.path = f"{self.uv.parent}:{os.environ['PATH']}"

    def lock(self, name: str, line: str) -> None:
        (self.folder / name).write_text(f"{line} \\\n    --hash=sha256:00\n")

    def begin(self, *words: str, python: str = PYTHON) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [python, "manage.py", *words],
            cwd=self.folder,
            env={"PATH": self.path},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(
        self, *words: str, python: str = PYTHON
    ) -> subprocess.CompletedProcess[str]:
        process = self.begin(*words, python=python)
        output, errors = process.communicate()
        return subprocess.CompletedProcess(words, process.returncode, output, errors)

    def installer_ends_with(self, code: int) -> None:
        Path(f"{self.notes}.code").write_text(str(code))

    def installations(self) -> list[str]:
        return self.notes.read_text().splitlines() if self.notes.exists() else []


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_first_command_makes_the_environment_installs_and_runs_inside(checkout):
    done = checkout.run("up", "--port", "9")
    prefix, argv = json.loads(done.stdout)
    assert prefix == str(checkout.folder / ".venv")
    assert argv == ["manage.py", "up", "--port", "9"]
    (installation,) = checkout.installations()
    assert "--require-hashes" in installation
    assert installation.endswith("requirements.txt")
    assert "Installing the packages of requirements.txt into .venv" in done.stderr


def test_second_command_installs_nothing(checkout):
    checkout.run("up")
    done = checkout.run("up")
    assert (done.stderr, len(checkout.installations())) == ("", 1)


def test_tests_have_a_lock_of_their_own(checkout):
    checkout.run("up")
    checkout.run("test")
    checkout.run("up")
    locks = [line.rpartition("/")[2] for line in checkout.installations()]
    assert locks == ["requirements.txt", "requirements-test.txt"]


def test_changed_lock_is_installed(checkout):
    checkout.run("up")
    checkout.lock("requirements.txt", "baton-sample==1.1")
    checkout.run("up")
    assert len(checkout.installations()) == 2


def test_failed_installation_is_not_taken_for_a_good_one(checkout):
    checkout.installer_ends_with(2)
    done = checkout.run("up")
    assert (done.returncode, done.stdout) == (1, "")
    assert "could not be installed" in done.stderr
    (checkout.folder / ".venv" / "half-written").touch()
    checkout.installer_ends_with(0)
    assert checkout.run("up").returncode == 0
    assert len(checkout.installations()) == 2
    assert not (checkout.folder / ".venv" / "half-written").exists()


def test_unfinished_installation_into_an_active_environment_is_repeated(
    checkout, tmp_path
):
    active = tmp_path / "active"
    subprocess.run([PYTHON, "-m", "venv", "--without-pip", str(active)], check=True)
    (active / bootstrap.STAMP).write_text('{"state": "installing"}')
    checkout.run("up", python=str(active / "bin" / "python"))
    assert "--reinstall" in checkout.installations()[0]


def test_broken_environment_is_made_anew(checkout):
    (checkout.folder / ".venv" / "bin").mkdir(parents=True)
    (checkout.folder / ".venv" / "bin" / "python").symlink_to("/nowhere/python")
    assert checkout.run("up").returncode == 0


def test_linked_environment_of_others_is_left_alone(checkout, tmp_path):
    others = tmp_path / "others"
    others.mkdir()
    (others / "kept").touch()
    (checkout.folder / ".venv").symlink_to(others)
    ended = checkout.run("up")
    assert ended.returncode == 1
    assert f"is a link to {others}" in ended.stderr
    assert [each.name for each in others.iterdir()] == ["kept"]
    assert checkout.installations() == []


def test_no_install_forbids_with_a_sentence(checkout):
    done = checkout.run("up", "--no-install")
    assert (done.returncode, checkout.installations()) == (1, [])
    assert "--no-install forbids" in done.stderr
    assert not (checkout.folder / ".venv").exists()


def test_no_install_is_not_passed_on(checkout):
    checkout.run("up")
    assert json.loads(checkout.run("up", "--no-install").stdout)[1] == [
        "manage.py",
        "up",
    ]


def test_active_environment_is_used_after_saying_so(checkout, tmp_path):
    active = tmp_path / "active"
    subprocess.run([PYTHON, "-m", "venv", "--without-pip", str(active)], check=True)
    done = checkout.run("up", python=str(active / "bin" / "python"))
    assert json.loads(done.stdout)[0] == str(active)
    assert f"into the active environment {active}" in done.stderr
    assert not (checkout.folder / ".venv").exists()


def test_environment_that_has_the_locked_versions_needs_no_installation(checkout):
    checkout.lock("requirements.txt", "pytest==0 ; sys_platform == 'nowhere'")
    with (checkout.folder / "requirements.txt").open("a") as lock:
        lock.write(f"pytest=={pytest.__version__} ; sys_platform != 'nowhere'\n")
    done = checkout.run("up", python=sys.executable)
    assert (json.loads(done.stdout)[0], checkout.installations()) == (sys.prefix, [])


@pytest.mark.parametrize("version", [(3, 8), (3, 10), (3, 14)])
def test_unsupported_python_is_told_in_one_sentence(version):
    with pytest.raises(bootstrap.CannotInstall, match=r"Baton runs on Python 3\.11 to"):
        bootstrap.check_version(version)


@pytest.mark.parametrize("name", ["manage.py", "orchestrator_site/bootstrap.py"])
def test_old_python_can_read_what_refuses_it(name):
    compile((ROOT / name).read_text(), name, "exec", flags=0x400, _feature_version=8)


def test_installer_that_outlived_its_command_is_waited_for(checkout):
    go_on = Path(f"{checkout.notes}.go")
    wait = f"until [ -e {go_on} ]; do sleep 0.02; done\nexit"
    checkout.uv.write_text(checkout.uv.read_text().replace("exit", wait))
    first = checkout.begin("up")
    wait_until(checkout.installations)
    first.kill()
    first.wait()
    second = checkout.begin("up")
    assert "Waiting for another installation" in second.stderr.readline()
    go_on.touch()
    first.communicate()
    second.communicate()
    assert (second.returncode, len(checkout.installations())) == (0, 2)
