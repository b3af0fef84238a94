"""What every environment shares: apps, middleware and templates."""

from orchestrator_site.settings.parts.api import *  # noqa: F403
from orchestrator_site.settings.parts.auth import *  # noqa: F403
from orchestrator_site.settings.parts.broker import *  # noqa: F403
from orchestrator_site.settings.parts.database import *  # noqa: F403
from orchestrator_site.settings.parts.logs import *  # noqa: F403
from orchestrator_site.settings.parts.paths import BASE_DIR
from orchestrator_site.settings.parts.paths import MODEL_DIR as MODEL_DIR
from orchestrator_site.settings.parts.paths import UPLOAD_MB as UPLOAD_MB
from orchestrator_site.settings.parts.paths import UPLOAD_QUOTA_MB as UPLOAD_QUOTA_MB
from orchestrator_site.settings.parts.security import *  # noqa: F403

DEBUG = False
DEFAULT_EXCEPTION_REPORTER_FILTER = "orchestrator_site.error_reports.NoValues"

INSTALLED_APPS = [
    "orchestrator_site.apps.SiteConfig",
    "orchestrator_site.accounts",
    "orchestrator_site.ledger",
    "orchestrator_site.egress",
    "orchestrator_site.shell",
    "model_registry",
    "approvals",
    "flows",
    "allauth",
    "allauth.account",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "orchestrator_site.shell.middleware.TimeZoneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "orchestrator_site.shell.context.shell",
            ]
        },
    }
]
ROOT_URLCONF = "orchestrator_site.urls"
ASGI_APPLICATION = "orchestrator_site.asgi.application"
AUTH_USER_MODEL = "accounts.User"

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
# A flow document in a form, with room for what stands beside it.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_500_000
# Of the files that are uploaded: those of models, and evaluation cases.
MOST_FILE_MB = max(UPLOAD_MB, 20)
