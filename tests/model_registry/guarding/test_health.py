from datetime import timedelta

import pytest
from django.utils import timezone

from model_registry.errors import ModelCircuitOpen, ModelError
from model_registry.governance import Use
from model_registry.guarding import health as health_module
from model_registry.guarding.calls import call
from model_registry.guarding.condition import conditions, last_changes
from model_registry.guarding.health import EVERY_S, BreakerNews, probe_due
from model_registry.guarding.states import States
from model_registry.models import ModelHealth
from model_registry.resolving import forget, resolve
from tests.factories.models import make_model_version
from tests.model_registry.guarding.conftest import limited

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def announced(monkeypatch):
    """The models whose change was announced."""
    told = []
    monkeypatch.setattr(
        health_module, "announce_model", lambda _workspace, model: told.append(model)
    )
    return told


@pytest.fixture
def news(monkeypatch):
    """The changes of breakers of this test only."""
    from model_registry.guarding import calls  # noqa: PLC0415

    news = BreakerNews()
    monkeypatch.setattr(calls, "BREAKER_NEWS", news)
    return news


def make_due(version):
    """Bring the next probe forward."""
    ModelHealth.objects.filter(pk=version.pk).update(due_at=timezone.now())


def condition(version):
    return conditions([version.pk])[version.pk]


def test_version_that_an_alias_points_at_is_looked_after(announced):
    version = make_model_version()
    assert probe_due() == 1
    assert condition(version).is_well is True
    assert announced == [version.model_id]


def test_version_is_looked_after_again_when_its_time_has_come(announced):
    version = make_model_version()
    probe_due()
    assert probe_due() == 0
    due = ModelHealth.objects.get(pk=version.pk).due_at
    assert due > timezone.now() + timedelta(seconds=EVERY_S / 2)
    make_due(version)
    assert probe_due() == 1
    assert announced == [version.model_id]  # once: nothing was news the second time


def test_versions_without_an_alias_or_of_a_queue_are_left_alone():
    make_model_version(runs="wait", queue="gpu")
    old = make_model_version(model="one", runs="loop")
    new = make_model_version(model="one", runs="wait", workspace=old.model.workspace)
    assert probe_due() == 1
    assert list(ModelHealth.objects.values_list("pk", flat=True)) == [new.pk]


def test_one_of_two_workers_looks_after_a_version(monkeypatch):
    version = make_model_version()
    probed = []

    def look(resolved):
        probed.append(resolved.version_id)
        assert probe_due() == 0  # the other worker, meanwhile
        return check(resolved)

    check = health_module.check_health
    monkeypatch.setattr(health_module, "check_health", look)
    probe_due()
    assert probed == [version.pk]


def test_model_that_goes_away_is_told_with_its_reason(
    server, settings, announced, remote
):
    resolved = remote()
    version_id = resolved.version_id
    settings.BATON_EGRESS_ALLOW = ()
    probe_due()
    found = conditions([version_id])[version_id]
    assert (found.is_well, found.state) == (False, "not_answering")
    assert server.origin in found.message
    (change,) = last_changes([version_id])[version_id]
    assert (change.is_well, change.reason) == (False, found.message)


def test_open_breaker_is_known_to_all_workers_until_it_closes(
    remote, server, news, announced, monkeypatch
):
    resolved = limited(remote("breaks"), retries=0, breaker_failures=1, breaker_s=3600)
    with pytest.raises(ModelError):
        ask(resolved)
    news.store()
    assert announced == [resolved.model_id]
    found = conditions([resolved.version_id])[resolved.version_id]
    assert (found.breaker, found.state) == ("open", "left_alone")
    (change,) = last_changes([resolved.version_id])[resolved.version_id]
    assert (change.source, change.reason) == ("breaker", "model_overloaded")

    become_another_worker(monkeypatch)
    told = resolve(resolved.workspace_id, resolved.model, "champion")
    with pytest.raises(ModelCircuitOpen):
        ask(told)
    assert len(server.requests) == 1


def test_breaker_that_closed_is_known_to_all_workers(
    remote, server, news, announced, monkeypatch
):
    server.script.append("breaks")
    resolved = limited(remote("follows"), retries=0, breaker_failures=1, breaker_s=1e-6)
    with pytest.raises(ModelError):
        ask(resolved)
    ask(resolved)
    news.store()
    assert conditions([resolved.version_id])[resolved.version_id].breaker == "closed"


def test_change_of_a_breaker_is_kept_until_it_is_stored(remote, news, monkeypatch):
    resolved = limited(remote("breaks"), retries=0, breaker_failures=1)
    with pytest.raises(ModelError):
        ask(resolved)
    stored = health_module._store_breaker
    monkeypatch.setattr(health_module, "_store_breaker", _refuse)
    with pytest.raises(RuntimeError):
        news.store()
    monkeypatch.setattr(health_module, "_store_breaker", stored)
    news.store()
    assert conditions([resolved.version_id])[resolved.version_id].breaker == "open"


def ask(resolved):
    value, use = {"text": "hello"}, Use("public")
    return call(resolved, value, timeout_s=20, idempotency_key="r/s", use=use)


def become_another_worker(monkeypatch):
    """Forget what this process has found by itself."""
    from model_registry.guarding import calls  # noqa: PLC0415

    monkeypatch.setattr(calls, "STATES", States())
    forget()


def _refuse(*_arguments):
    raise RuntimeError("away")
