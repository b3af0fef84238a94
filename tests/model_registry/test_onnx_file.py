from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model_registry.adapters.onnx_file import MOST_DEPTH, read_onnx
from tests.factories import onnx_files as files

GOOD = files.linear()


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_with_a_reason(content):
    with suppress(ValueError):
        read_onnx(content)


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255))
def test_any_change_of_a_byte_is_read_or_refused(at, byte):
    changed = GOOD[:at] + bytes([byte]) + GOOD[at + 1 :]
    with suppress(ValueError):
        read_onnx(changed)


def test_graphs_within_graphs_are_followed_only_so_far():
    inner = b""
    for _ in range(MOST_DEPTH):
        inner = files.node("If", [], [], files.message(5, files.message(6, inner)))
    with pytest.raises(ValueError, match="levels deep"):
        read_onnx(files.model(inner))


def test_weights_are_no_inputs():
    listed = files.model(
        files.message(5, files.floats("w", [1], [1.0])),
        files.value(11, "w", files.FLOAT, [1]),
        files.value(11, "x", files.INT64, ["rows", 3]),
    )
    found = read_onnx(listed).inputs
    assert list(found) == ["x"]
    assert (found["x"].json_type, found["x"].shape) == ("integer", [0, 3])


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda tensor: files.message(15, files.message(1, tensor)),
        lambda tensor: files.message(15, files.message(2, tensor)),
        lambda tensor: files.message(1, files.message(5, files.message(10, tensor))),
        lambda tensor: files.message(
            1, files.message(5, files.message(22, files.message(1, tensor)))
        ),
    ],
)
def test_weights_outside_are_found_wherever_they_stand(wrapped):
    tensor = files.external("w", [1], "weights.bin")
    with pytest.raises(ValueError, match="in other files"):
        read_onnx(files.model(wrapped(tensor)))


def test_weights_outside_are_found_in_functions_and_training():
    tensor = files.external("w", [1], "weights.bin")
    function = files.message(
        25, files.message(7, files.message(5, files.message(5, tensor)))
    )
    training = files.message(20, files.message(1, files.message(5, tensor)))
    for more in (function, training):
        with pytest.raises(ValueError, match="in other files"):
            read_onnx(GOOD + more)
