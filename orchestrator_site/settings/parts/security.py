"""Keys, hosts, cookies and the content security policy."""

from csp.constants import NONCE, NONE, SELF

from orchestrator_site import env, keys
from orchestrator_site.egress.errors import OriginInvalid
from orchestrator_site.egress.origins import parse_entry
from orchestrator_site.settings.parts.paths import DATA_DIR

SECRET_KEY = env.text("BATON_SECRET_KEY") or keys.read_or_create(DATA_DIR, "secret_key")
ENCRYPTION_KEYS = keys.encryption_keys(
    env.text("BATON_ENCRYPTION_KEY") or keys.read_or_create(DATA_DIR, "encryption_key")
)

ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *env.words("BATON_ALLOWED_HOSTS")]
CSRF_TRUSTED_ORIGINS = list(env.words("BATON_TRUSTED_ORIGINS"))


def _origins(entries: tuple[str, ...]) -> tuple[str, ...]:
    """Look at entries before anything relies on them."""
    for entry in entries:
        try:
            parse_entry(entry)
        except OriginInvalid as error:
            raise env.SettingInvalid(f"BATON_EGRESS_ALLOW: {error}") from error
    return entries


# Whom models, and the flows of every workspace, may call: https://models.example, or
# https://models.internal=10.1.0.0/16 where the host is not on the public Internet.
BATON_EGRESS_ALLOW = _origins(env.words("BATON_EGRESS_ALLOW"))

HTTPS = env.flag("BATON_HTTPS", default=False)
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "orchestrator_site.shell.refusals.form_refused"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
