"""Files of models, in the folder where whoever runs Baton puts them.

A version names its file and what is in it, by SHA-256. What is loaded are the very bytes
that were checked.
"""

import hashlib
from pathlib import Path

from model_registry.errors import ModelUnavailable

MOST_BYTES = 512 * 1024 * 1024
CHUNK = 1024 * 1024
PICKLE = "a pickle, which runs code when it is loaded"
# By how they begin; joblib compresses pickles in all of these ways.
BEGINNINGS = {
    b"\x80\x02": PICKLE,
    b"\x80\x03": PICKLE,
    b"\x80\x04": PICKLE,
    b"\x80\x05": PICKLE,
    b"ccopy_reg": PICKLE,
    b"cbuiltins": PICKLE,
    b"x\x01": "a compressed file, as joblib writes pickles",
    b"x\x9c": "a compressed file, as joblib writes pickles",
    b"x\xda": "a compressed file, as joblib writes pickles",
    b"\x1f\x8b": "a gzip file, as joblib writes pickles",
    b"BZh": "a bzip2 file, as joblib writes pickles",
    b"\xfd7zXZ": "an xz file, as joblib writes pickles",
    b"\x04\x22\x4d\x18": "an lz4 file, as joblib writes pickles",
    b"PK\x03\x04": "a zip archive, as PyTorch and skops write them",
    b"\x89HDF": "an HDF5 file, as Keras writes them",
    b"GGUF": "a GGUF file, for llama.cpp",
    b"\x7fELF": "a program",
    b"<": "a page of HTML or XML",
}


def read(model_dir: Path, file: str, sha256: str) -> bytes:
    """Read the file of a version.

    Raises: ModelUnavailable if it is not there, too large, or another one.
    """
    path = find(model_dir, file)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelUnavailable(f"{file} cannot be read: {error.strerror}.") from None
    _check_digest(file, hashlib.sha256(content).hexdigest(), sha256)
    return content


def check(model_dir: Path, file: str, sha256: str) -> bytes:
    """Look through the file of a version, a part at a time.

    Returns: how it begins.
    Raises: ModelUnavailable if it is not there, too large, or another one.
    """
    path, digest = find(model_dir, file), hashlib.sha256()
    try:
        with path.open("rb") as content:
            beginning = content.read(CHUNK)
            digest.update(beginning)
            while part := content.read(CHUNK):
                digest.update(part)
    except OSError as error:
        raise ModelUnavailable(f"{file} cannot be read: {error.strerror}.") from None
    _check_digest(file, digest.hexdigest(), sha256)
    return beginning


def find(model_dir: Path, file: str) -> Path:
    """The path of a file in the folder; a link that leads out of it is no such file.

    Raises: ModelUnavailable if it is not there, or too large.
    """
    folder = model_dir.resolve()
    path = (folder / file).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        raise ModelUnavailable(
            f"There is no file {file} in the folder of models, and none of this SHA-256 "
            "was uploaded to the workspace. Upload it under Models, Files; or whoever "
            "runs Baton puts it into BATON_MODEL_DIR, on every machine with a worker."
        )
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise ModelUnavailable(
            f"{file} has {size:,} bytes; at most {MOST_BYTES:,} are loaded. Serve a "
            "larger model from a server of its own, with the adapter oip_v2."
        )
    return path


def what_else(content: bytes) -> str | None:
    """What a file is by its beginning, if it is one of those often mistaken."""
    for beginning, kind in BEGINNINGS.items():
        if content.startswith(beginning):
            return kind
    return None


def _check_digest(file: str, found: str, sha256: str) -> None:
    if found != sha256:
        raise ModelUnavailable(
            f"{file} is not the file of this version: its SHA-256 is {found}. Put the "
            "right one back, or register a version with this digest."
        )
