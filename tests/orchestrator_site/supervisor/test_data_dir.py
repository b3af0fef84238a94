import json
import stat

import pytest

from orchestrator_site import runtime
from orchestrator_site.supervisor import data_dir
from orchestrator_site.supervisor.errors import AlreadyRunning, CannotRun


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_folder_becomes_its_owners_alone(tmp_path):
    folder = tmp_path / "deep" / "data"
    data_dir.make_private(folder)
    assert mode(folder) == 0o700


def test_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotRun, match="BATON_DATA_DIR"):
        data_dir.make_private(tmp_path / "file" / "data")


def test_second_holder_is_refused_with_the_first_ones_process_and_address(tmp_path):
    facts = {"pid": 4711, "address": "http://127.0.0.1:8000/"}
    with (
        data_dir.held(tmp_path),
        data_dir.announced(tmp_path, facts),
        pytest.raises(AlreadyRunning, match=r"4711 at http://127\.0\.0\.1:8000/"),
        data_dir.held(tmp_path),
    ):
        pass


def test_folder_is_free_again_afterwards(tmp_path):
    with data_dir.held(tmp_path):
        pass
    with data_dir.held(tmp_path):
        pass


def test_facts_are_private_and_go_when_the_stack_goes(tmp_path):
    with data_dir.announced(tmp_path, {"pid": 1, "redis_url": "redis://x"}):
        assert runtime.read(tmp_path)["redis_url"] == "redis://x"
        assert mode(tmp_path / runtime.FILE) == 0o600
    assert runtime.read(tmp_path) == {}


def test_stale_facts_of_a_killed_stack_are_replaced(tmp_path):
    (tmp_path / runtime.FILE).write_text(json.dumps({"pid": 1}))
    with data_dir.announced(tmp_path, {"pid": 2}):
        assert runtime.read(tmp_path) == {"pid": 2}
