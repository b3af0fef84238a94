"""What an installation had before a migration goes on working after it."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from model_registry.models import HealthChange
from model_registry.resolving import resolve
from model_registry.selectors import version_at
from model_registry.services.registering import register
from orchestrator_site.accounts.models import Workspace
from tests.factories.models import make_manifest, make_model_version

BEFORE = ("model_registry", "0002_version_queue")
BEFORE_CHANGES = ("model_registry", "0006_evaluations")
PRICE = {"input_usd_per_million": "0.5", "output_usd_per_million": 2}


def migrate(target):
    executor = MigrationExecutor(connection)
    executor.migrate([target])
    return MigrationExecutor(connection).loader.project_state([target]).apps


def migrate_to_today():
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.fixture
def before():
    """Tables as they were; afterwards as they are."""
    yield migrate(BEFORE)
    migrate_to_today()


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_versions_in_use_stay_approved(before):
    workspace = Workspace.objects.create(slug="old", name="Old")
    manifest = make_manifest(model="shop")
    model = before.get_model("model_registry", "Model").objects.create(
        workspace_id=workspace.pk,
        name="shop",
        capability="echo",
        input_schema=manifest.input_schema,
        output_schema=manifest.output_schema,
    )
    settings = {"entry_point": "echo", "price": PRICE}
    version = before.get_model("model_registry", "ModelVersion").objects.create(
        model=model,
        number=1,
        adapter="python_entry_point",
        runs="loop",
        settings=settings,
        digest="d" * 64,
        created_by="system:cli",
    )
    alias = before.get_model("model_registry", "Alias").objects.create(
        model=model, version=version, name="champion"
    )
    migrate_to_today()
    found = resolve(workspace.pk, "shop", "champion")
    assert found.governance.status == "approved"
    assert found.prices[0].output_usd_per_million == 2
    added, _ = register(workspace, manifest, "user:1", may_move=True)
    assert (added.number, added.model.contract != "") == (2, True)
    assert version_at(added.model, "champion", alias.moved_at).number == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_what_probes_have_found_is_the_first_change_of_health():
    version = make_model_version()
    apps = migrate(BEFORE_CHANGES)
    at = datetime(2026, 11, 20, tzinfo=UTC)
    apps.get_model("model_registry", "ModelHealth").objects.create(
        version_id=version.pk,
        is_well=False,
        message="Nobody listens.",
        changed_at=at,
        due_at=at,
    )
    migrate_to_today()
    change = HealthChange.objects.get(version=version)
    assert (change.is_well, change.reason, change.at) == (False, "Nobody listens.", at)
