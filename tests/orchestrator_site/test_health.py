import pytest
from django.utils import timezone

from flows.models import Worker
from orchestrator_site.accounts.api import new_id

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def _live_worker():
    now = timezone.now()
    Worker.objects.create(id=new_id(), name="sample", started_at=now, beat_at=now)


@pytest.mark.usefixtures("_live_worker")
def test_everything_answers(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_missing_worker_is_named(client):
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "unavailable", "missing": ["worker"]}


@pytest.mark.usefixtures("_live_worker")
def test_missing_broker_is_named(client, monkeypatch):
    monkeypatch.setenv("CELERY_BROKER_WRITE_URL", "redis://127.0.0.1:1/0")
    assert client.get("/healthz").json()["missing"] == ["broker"]


def test_answer_is_not_kept_by_a_cache(client):
    assert "no-store" in client.get("/healthz")["Cache-Control"]


def test_health_is_read_only(client):
    assert client.post("/healthz").status_code == 405
