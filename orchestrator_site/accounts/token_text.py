"""The text of an API token: `baton_<prefix>_<secret>`.

The prefix finds the row and may be shown; the secret has 256 bits, so that one round
of SHA-256 is enough to keep it by.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

_TOKEN = re.compile(r"baton_([0-9a-f]{12})_([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class TokenText:
    prefix: str
    secret: str

    def __str__(self) -> str:
        return f"baton_{self.prefix}_{self.secret}"

    def __repr__(self) -> str:
        return f"TokenText(prefix={self.prefix!r})"

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.secret.encode("ascii")).hexdigest()

    def matches(self, digest: str) -> bool:
        return hmac.compare_digest(self.digest, digest)


def new_token_text() -> TokenText:
    return TokenText(prefix=secrets.token_hex(6), secret=secrets.token_hex(32))


def parse_token_text(text: str) -> TokenText | None:
    match = _TOKEN.fullmatch(text)
    return TokenText(*match.groups()) if match else None
