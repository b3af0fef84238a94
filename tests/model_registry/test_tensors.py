import pytest
from hypothesis import given
from hypothesis import strategies as st

from model_registry.adapters.tensors import Tensor, flatten, nest


@given(st.lists(st.integers(1, 4), min_size=1, max_size=4))
def test_nesting_and_flattening_are_inverse(shape):
    size = 1
    for length in shape:
        size *= length
    tensor = Tensor(shape, list(range(size)))
    assert flatten(nest(tensor), "x") == tensor


@pytest.mark.parametrize(
    ("nested", "tensor"),
    [
        (3, Tensor([1], [3])),
        ("a", Tensor([1], ["a"])),
        ([], Tensor([0], [])),
        ([[], []], Tensor([2, 0], [])),
        ([[[True]], [[False]]], Tensor([2, 1, 1], [True, False])),
    ],
)
def test_flattening(nested, tensor):
    assert flatten(nested, "x") == tensor


@pytest.mark.parametrize("nested", [[[1], [2, 3]], [1, [2]], [[1], 2], None, [{}]])
def test_what_is_no_tensor_is_refused(nested):
    with pytest.raises(ValueError, match="'x'|in 'x'"):
        flatten(nested, "x")


@pytest.mark.parametrize("shape", [[2], [-1, -1], [1, 0]])
def test_shape_that_is_not_filled_is_refused(shape):
    with pytest.raises(ValueError, match="do not fill"):
        nest(Tensor(shape, [1]))
