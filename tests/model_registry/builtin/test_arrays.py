import numpy as np
import pytest

from model_registry.builtin.arrays import read_arrays, write_arrays


def test_arrays_are_read_as_written(tmp_path):
    path = tmp_path / "weights.npz"
    write_arrays(path, {"row": np.arange(3), "bias": np.array(0.5)})
    found = read_arrays(path)
    assert found["row"].tolist() == [0, 1, 2]
    assert float(found["bias"]) == 0.5


def test_file_that_was_exchanged_is_refused(tmp_path):
    path, other = tmp_path / "weights.npz", tmp_path / "other.npz"
    write_arrays(path, {"row": np.arange(3)})
    write_arrays(other, {"row": np.arange(4)})
    path.write_bytes(other.read_bytes())
    with pytest.raises(ValueError, match=r"weights\.npz is not the file"):
        read_arrays(path)


def test_objects_are_never_written(tmp_path):
    with pytest.raises(ValueError, match="[Oo]bject arrays"):
        write_arrays(tmp_path / "x.npz", {"row": np.array([{}], dtype=object)})
