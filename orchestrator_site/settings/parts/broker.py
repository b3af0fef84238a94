"""Valkey or Redis: Celery's broker and the cache."""

from orchestrator_site import env, runtime
from orchestrator_site.settings.parts.paths import DATA_DIR

REDIS_URL = env.text("REDIS_URL") or str(runtime.read(DATA_DIR).get("redis_url", ""))

# A message is a doorbell: it may be lost, doubled or late. So nothing waits for an
# answer, and a ring that cannot be delivered is given up quickly.
CELERY_BROKER_URL = REDIS_URL or "redis://127.0.0.1:1/0"
CELERY_TASK_DEFAULT_QUEUE = "runs"
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 1, "socket_timeout": 5}
CELERY_TASK_PUBLISH_RETRY = False

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
