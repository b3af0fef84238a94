import io
import json
import sqlite3
import stat
import subprocess
import sys
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from orchestrator_site import backup
from orchestrator_site.backup import ArchiveInvalid, BackupError, TargetExists
from orchestrator_site.supervisor.data_dir import held
from tests.architecture.source_tree import ROOT


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    (folder / "keys").mkdir(parents=True)
    (folder / "keys" / "secret_key").write_text("s3cret")
    with closing(sqlite3.connect(folder / "baton.sqlite3")) as database:
        database.executescript("PRAGMA journal_mode=WAL; CREATE TABLE notes (text)")
        database.execute("INSERT INTO notes VALUES ('kept')")
        database.commit()
    return folder


@pytest.fixture
def archive(data_dir, tmp_path) -> Path:
    path = tmp_path / "backup.tar.gz"
    backup.back_up(data_dir=data_dir, database=data_dir / "baton.sqlite3", archive=path)
    return path


@pytest.fixture
def empty(tmp_path) -> Path:
    folder = tmp_path / "empty"
    folder.mkdir()
    return folder


def restore(archive: Path, folder: Path) -> None:
    database = folder / "baton.sqlite3"
    backup.restore(archive=archive, data_dir=folder, database=database)


def notes(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "baton.sqlite3")) as database:
        return [text for (text,) in database.execute("SELECT text FROM notes")]


def test_restored_folder_has_the_database_and_the_keys(archive, empty):
    restore(archive, empty)
    assert notes(empty) == ["kept"]
    key = empty / "keys" / "secret_key"
    assert key.read_text() == "s3cret"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_archive_is_its_owners_alone(archive):
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600


def test_copy_is_whole_while_another_connection_writes(data_dir, tmp_path, empty):
    database = data_dir / "baton.sqlite3"
    with closing(sqlite3.connect(database)) as writer:
        writer.execute("INSERT INTO notes VALUES ('not committed')")
        path = tmp_path / "live.tar.gz"
        backup.back_up(data_dir=data_dir, database=database, archive=path)
    restore(path, empty)
    assert notes(empty) == ["kept"]


def test_existing_file_is_not_overwritten(data_dir, tmp_path):
    target = tmp_path / "there"
    target.write_text("mine")
    database = data_dir / "baton.sqlite3"
    with pytest.raises(TargetExists):
        backup.back_up(data_dir=data_dir, database=database, archive=target)
    assert target.read_text() == "mine"


def test_existing_database_is_not_overwritten(archive, data_dir):
    with pytest.raises(TargetExists, match="Move it away"):
        restore(archive, data_dir)


def test_leftover_journal_is_not_mixed_with_another_database(archive, empty):
    (empty / "baton.sqlite3-wal").write_bytes(b"old")
    with pytest.raises(TargetExists):
        restore(archive, empty)


def test_place_that_cannot_be_written_is_named(data_dir, tmp_path):
    database = data_dir / "baton.sqlite3"
    with pytest.raises(BackupError, match="cannot be written"):
        backup.back_up(
            data_dir=data_dir, database=database, archive=tmp_path / "no" / "file"
        )


def test_missing_archive_is_one_sentence(empty, tmp_path):
    with pytest.raises(BackupError, match="does not exist"):
        restore(tmp_path / "nothing", empty)


@pytest.mark.parametrize("keep", [0, 10, 400])
def test_cut_archive_changes_nothing(archive, empty, keep):
    archive.write_bytes(archive.read_bytes()[:keep])
    with pytest.raises(ArchiveInvalid, match="Nothing has been changed"):
        restore(archive, empty)
    assert list(empty.iterdir()) == []


def test_archive_with_a_changed_byte_changes_nothing(archive, empty):
    content = bytearray(archive.read_bytes())
    content[len(content) // 2] ^= 1
    archive.write_bytes(content)
    with pytest.raises(ArchiveInvalid):
        restore(archive, empty)
    assert list(empty.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    ["../outside", "/etc/outside", "keys/../../outside", "keys/.hidden", "other"],
)
def test_archive_cannot_choose_a_path(tmp_path, empty, name):
    path = tmp_path / "evil.tar.gz"
    digests = {"baton.sqlite3": "0", name: "0"}
    manifest = json.dumps({"format": backup.FORMAT, "sha256": digests}).encode()
    with tarfile.open(path, "w:gz") as tar:
        for member, content in ((backup.MANIFEST, manifest), (name, b"x")):
            info = tarfile.TarInfo(member)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    with pytest.raises(ArchiveInvalid):
        restore(path, empty)
    assert not list(tmp_path.rglob("outside"))


def manage(
    *words: str, data_dir: Path, url: str = ""
) -> subprocess.CompletedProcess[str]:
    env = {
        "BATON_DATA_DIR": str(data_dir),
        "PATH": "/usr/bin:/bin",
        "DATABASE_URL": url,
    }
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


def test_commands_carry_a_folder_from_one_place_to_another(data_dir, tmp_path, empty):
    path = str(tmp_path / "moved.tar.gz")
    assert manage("backup", path, data_dir=data_dir).returncode == 0
    assert manage("restore", path, data_dir=empty).returncode == 0
    assert notes(empty) == ["kept"]


def test_restore_is_refused_under_a_running_stack(archive, empty):
    with held(empty):
        done = manage("restore", str(archive), data_dir=empty)
    assert (done.returncode, "already runs" in done.stderr) == (1, True)


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_postgresql_has_tools_of_its_own(command, tmp_path):
    url = "postgresql://nobody@localhost/none"
    done = manage(command, str(tmp_path / "file"), data_dir=tmp_path, url=url)
    assert (done.returncode, "pg_dump" in done.stderr) == (2, True)
