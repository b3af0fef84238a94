"""Whether this installation can take work: database, broker and one live worker."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from flows.selectors import has_live_worker
from orchestrator_site.celery import app


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when everything answers, else 503 naming what is missing."""
    answers = {
        "database": database_answers(),
        "broker": broker_answers(),
        "worker": worker_answers(),
    }
    missing = [name for name, answered in answers.items() if not answered]
    if missing:
        return JsonResponse({"status": "unavailable", "missing": missing}, status=503)
    return JsonResponse({"status": "ok"})


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def broker_answers() -> bool:
    """Open a connection to the broker; its transport asks for a sign of life."""
    try:
        with app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except (OperationalError, OSError):
        return False
    return True


def worker_answers() -> bool:
    try:
        return has_live_worker()
    except DatabaseError:
        return False
