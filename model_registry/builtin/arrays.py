"""Trained weights: files of plain arrays, never pickles, each with its digest beside it."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]


def read_arrays(path: Path) -> Arrays:
    """Read the arrays that a training command wrote.

    Raises:
        ValueError: the file is not the one whose digest stands beside it.
    """
    if _sha256(path) != _digest_path(path).read_text(encoding="utf-8").strip():
        msg = f"{path.name} is not the file that was trained: its sha256 differs."
        raise ValueError(msg)
    with np.load(path, allow_pickle=False) as arrays:
        return {key: arrays[key] for key in arrays.files}


def write_arrays(path: Path, arrays: Arrays) -> None:
    """Write the arrays of a model, and the digest of the file."""
    np.savez_compressed(path, allow_pickle=False, **arrays)
    _digest_path(path).write_text(f"{_sha256(path)}\n", encoding="utf-8")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _digest_path(path: Path) -> Path:
    return path.with_suffix(".sha256")
