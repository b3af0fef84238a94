"""What stands in a skops file, looked at without loading any of it."""

import io
import re
from collections.abc import Iterator
from zipfile import BadZipFile, ZipFile

from model_registry import artefacts
from model_registry.errors import ModelUnavailable

SCHEMA = "schema.json"
MEMBER = re.compile(r"schema\.json|[\w-]+\.(npy|npz|bin)")
PICKLES = (".pkl", ".pickle", ".joblib")
MOST_MEMBERS = 50_000
ZIP = b"PK\x03\x04"
SAVE_ANEW = "Save the estimator with skops.io.dump, or export it to ONNX"


def require_skops(file: str, content: bytes) -> None:
    """Refuse what is no skops file. Raises: ModelUnavailable."""
    try:
        for problem in _problems(content):
            raise ModelUnavailable(f"{file} is refused: {problem}.")
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError):
        raise ModelUnavailable(
            f"{file} is refused: it is a broken zip archive. {SAVE_ANEW}."
        ) from None


def _problems(content: bytes) -> Iterator[str]:
    if not content.startswith(ZIP):
        kind = artefacts.what_else(content) or "of another kind"
        yield f"it is {kind}, not a skops file. {SAVE_ANEW}"
    with ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        names = [member.filename for member in members]
        yield from _problems_of(names)
        size = sum(member.file_size for member in members)
        if size > artefacts.MOST_BYTES:
            yield f"unpacked it would have {size:,} bytes"
        for name in names:
            if name.endswith(".npz"):
                yield from _problems_within(name, archive.read(name))


def _problems_of(names: list[str]) -> Iterator[str]:
    if len(names) > MOST_MEMBERS or len(set(names)) != len(names):
        yield "it has too many entries, or one twice"
    if pickled := next((name for name in names if name.endswith(PICKLES)), None):
        yield f"it holds the pickle {pickled!r}, which runs code. {SAVE_ANEW}"
    if strange := next((n for n in names if not MEMBER.fullmatch(n)), None):
        yield f"it holds {strange[:80]!r}, which no skops file does. {SAVE_ANEW}"
    if SCHEMA not in names:
        yield f"it lacks {SCHEMA}, which every skops file has. {SAVE_ANEW}"


def _problems_within(name: str, content: bytes) -> Iterator[str]:
    """A sparse matrix is an archive again."""
    with ZipFile(io.BytesIO(content)) as archive:
        size = sum(member.file_size for member in archive.infolist())
    if size > artefacts.MOST_BYTES:
        yield f"unpacked its {name} would have {size:,} bytes"
