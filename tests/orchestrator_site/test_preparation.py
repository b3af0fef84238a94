import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from orchestrator_site.accounts.api import Membership, Role, User
from orchestrator_site.preparation import PreparationRefused, prepare
from tests.architecture.source_tree import ROOT

OTHERS = "192.0.2.1"


def manage(*words, data_dir):
    url = f"sqlite:///{data_dir}/baton.sqlite3"
    env = {**os.environ, "BATON_DATA_DIR": str(data_dir), "DATABASE_URL": url}
    env["BATON_ALLOWED_HOSTS"] = ""
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )


@pytest.fixture(scope="module")
def old(tmp_path_factory):
    """A data folder whose database lacks most of today's tables."""
    folder = tmp_path_factory.mktemp("old")
    manage("migrate", "accounts", data_dir=folder)
    return folder


@pytest.mark.django_db
@pytest.mark.both_databases
def test_first_start_makes_one_owner_with_a_password_of_its_own():
    login = prepare(host="127.0.0.1", demo=False).login
    owner = User.objects.get(email=login.email)
    assert owner.check_password(login.password)
    assert owner.password_is_initial
    assert [m.role for m in Membership.objects.filter(user=owner)] == [Role.OWNER]


@pytest.mark.django_db
def test_second_start_seeds_nothing():
    prepare(host="127.0.0.1", demo=False)
    assert prepare(host="127.0.0.1", demo=False).login is None


@pytest.mark.django_db
def test_host_for_others_needs_allowed_names(settings):
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
    with pytest.raises(PreparationRefused, match="BATON_ALLOWED_HOSTS"):
        prepare(host=OTHERS, demo=False)


def test_no_database_is_made_for_a_host_without_names(tmp_path):
    answer = json.loads(manage("prepare", "--host", OTHERS, data_dir=tmp_path).stdout)
    assert "BATON_ALLOWED_HOSTS" in answer["problem"]
    assert not (tmp_path / "baton.sqlite3").exists()


@pytest.mark.django_db
def test_host_for_others_needs_a_changed_password(settings):
    settings.ALLOWED_HOSTS = ["baton.example"]
    prepare(host="127.0.0.1", demo=False)
    with pytest.raises(PreparationRefused, match="first password has not been changed"):
        prepare(host=OTHERS, demo=False)
    User.objects.update(password_is_initial=False)
    assert prepare(host=OTHERS, demo=False).login is None


@pytest.mark.django_db
def test_empty_installation_is_not_seeded_in_front_of_others(settings):
    settings.ALLOWED_HOSTS = ["baton.example"]
    with pytest.raises(PreparationRefused):
        prepare(host=OTHERS, demo=False)
    assert not User.objects.exists()


def test_older_sqlite_database_is_copied_before_it_is_migrated(old, tmp_path):
    shutil.copytree(old, tmp_path, dirs_exist_ok=True)
    answer = json.loads(manage("prepare", "--no-demo", data_dir=tmp_path).stdout)
    (copy,) = (tmp_path / "backups").iterdir()
    assert str(copy) in answer["notes"][0]
    with closing(sqlite3.connect(copy)) as database:
        tables = {
            name for (name,) in database.execute("SELECT name FROM sqlite_master")
        }
    assert "accounts_user" in tables
    assert "django_session" not in tables


def test_database_from_newer_code_is_left_alone(old, tmp_path):
    shutil.copytree(old, tmp_path, dirs_exist_ok=True)
    with closing(sqlite3.connect(tmp_path / "baton.sqlite3")) as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) "
            "VALUES ('flows', '9999_later', '2030-01-01')"
        )
        database.commit()
    answer = json.loads(manage("prepare", data_dir=tmp_path).stdout)
    assert "newer than this code" in answer["problem"]
    assert "flows.9999_later" in answer["problem"]
