"""Which code a model's name stands for."""

import pytest

from model_registry import entry_points
from model_registry.builtin import ENTRY_POINTS


@pytest.fixture
def package(tmp_path, monkeypatch):
    """An installed package that offers a model of its own and one of a name we have."""
    folder = tmp_path / "fjord-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: fjord\nVersion: 1\n")
    offers = "[baton.models]\nfjord-tides = fjord:tides\necho = fjord:echo\n"
    (folder / "entry_points.txt").write_text(offers)
    monkeypatch.syspath_prepend(str(tmp_path))


def test_installed_package_offers_a_model(package):
    assert entry_points.find("fjord-tides") == "fjord:tides"


def test_package_cannot_take_a_name_that_is_built_in(package):
    assert entry_points.find("echo") == ENTRY_POINTS["echo"]


def test_unknown_name_is_told_with_those_there_are(package):
    with pytest.raises(LookupError, match=r"'tides'.*echo, .*fjord-tides, forecast-"):
        entry_points.find("tides")
