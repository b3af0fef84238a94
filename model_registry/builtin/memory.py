"""Gives memory back to the system after a model was loaded."""

import ctypes


def release_freed_memory() -> None:
    """Return freed memory where the C library is glibc, which keeps it otherwise.

    Loading unpacks and rearranges weights: some 100 MB that are never needed again.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
