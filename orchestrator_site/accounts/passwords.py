import secrets

_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # nothing that looks like another
_GROUPS, _GROUP_LENGTH = 4, 6


def new_password() -> str:
    """Make a random password of 120 bits that a person can copy from a screen."""
    return "-".join(
        "".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_LENGTH))
        for _ in range(_GROUPS)
    )
