"""Fixtures of the whole suite."""

import gc
from collections.abc import Generator

import pytest

pytest_plugins = [
    "tests.fixtures.stack",
    "tests.fixtures.static_files",
    "tests.fixtures.tables",
]


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None]:
    """Let the garbage collector pass over what all tests share: it never goes.

    Tests and modules are some hundred thousand objects, which it would walk through again
    and again while they are made, and then beside every test.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()
