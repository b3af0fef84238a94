"""Server time of the list of models, with 10,000 of them on PostgreSQL.

Run with `manage.py bench models`. One workspace has models of its own only, the other may
use 200 of a third besides. Prints for each page the median and the slowest of its answers,
the processor's time and the queries, beside the floor: a page that asks for nothing but who
is logged in.
"""

import os
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.bench.pages import measure
from tests.bench.stack import servers

MODELS, GRANTED, PAGE, CALLED_H = 10_000, 200, 50, 4
BAR_MS = 100.0
CALLED = dict.fromkeys(
    ("errors", "retries", "cost_usd_micros", "input_tokens", "output_tokens"), 0
)
CAPABILITIES = ("classify", "extract", "chat", "embed", "score", "forecast", "detect")
FLOOR = "/accounts/password/change/"
LISTS = (
    "/models/",
    f"/models/?page={MODELS // PAGE // 2}",
    f"/models/?page={MODELS // PAGE}",
    "/models/?q=mail",
    "/models/?tag=tag-7",
    "/models/?capability=chat&status=draft",
)


@dataclass(frozen=True, slots=True)
class Rows:
    """What a registry consists of, to be stored table by table."""

    models: list[Any]
    tags: list[Any]
    versions: list[Any]
    standings: list[Any]
    aliases: list[Any]
    figures: list[Any]

    def store(self) -> None:
        """Store all; what refers to a row comes after it."""
        for name in self.__slots__:
            rows = getattr(self, name)
            type(rows[0]).objects.bulk_create(rows, batch_size=1000)


def insert_models(workspace, owner, count: int) -> list[Any]:
    """Models with two tags and two versions each, the first of which is live and called."""
    rows = Rows([], [], [], [], [], [])
    for number in range(count):
        _add_model(rows, workspace, owner, number)
    rows.store()
    return rows.models


def _add_model(rows: Rows, workspace, owner, number: int) -> None:
    from model_registry.models import Model, ModelTag

    schema = {"type": "object", "properties": {"text": {"type": "string"}}}
    model = Model(
        workspace=workspace,
        name=f"{workspace.slug}-{number:05}",
        capability=CAPABILITIES[number % len(CAPABILITIES)],
        description="Reads the mail of customers and says what it is about. " * 3,
        card="Measured on 273 messages of 2026: 93 % right. " * 40,
        owner=owner,
        input_schema=schema,
        output_schema=schema,
        contract=f"{number:064}",
        data_class="internal",
    )
    rows.models.append(model)
    for word in (f"tag-{number % 40}", "support"):
        rows.tags.append(ModelTag(workspace=workspace, model=model, name=word))
    _add_versions(rows, model, number)


def _add_versions(rows: Rows, model, number: int) -> None:
    from django.utils import timezone

    from model_registry.models import (
        Alias,
        ModelFigures,
        ModelVersion,
        VersionStanding,
    )

    for place, status in ((1, "approved"), (2, "draft" if number % 3 else "approved")):
        version = ModelVersion(
            model=model,
            number=place,
            adapter="python_entry_point",
            runs="loop",
            settings={"entry_point": "echo"},
            digest=f"{number:032}{place:032}",
            call_digest=f"{number:064}",
            created_by="system:bench",
        )
        rows.versions.append(version)
        rows.standings.append(
            VersionStanding(
                workspace=model.workspace,
                version=version,
                status=status,
                changed_by="system:bench",
                changed_at=timezone.now(),
            )
        )
    live = rows.versions[-2]
    rows.aliases.append(Alias(model=model, name="champion", version=live))
    this_hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    for back in range(CALLED_H):
        hour = this_hour - timedelta(hours=back)
        rows.figures.append(
            ModelFigures(version=live, hour=hour, bucket=9, **CALLED, calls=back + 9)
        )


def grant(models: list[Any], workspace) -> None:
    """Let a workspace call models of another."""
    from model_registry.models import Grant

    Grant.objects.bulk_create(
        Grant(
            model=model,
            workspace=workspace,
            name=model.name,
            access="call",
            granted_by="system:bench",
        )
        for model in models
    )


def fill() -> dict[str, Any]:
    """Three workspaces; members who look at the lists of two, by what is in them."""
    from django.db import connection

    from orchestrator_site.accounts.roles import Role
    from tests.factories.accounts import make_membership, make_workspace

    members = {}
    for slug in ("own", "granted"):
        member = make_membership(workspace=make_workspace(slug=slug), role=Role.OWNER)
        insert_models(member.workspace, member.user, MODELS)
        members[slug] = member
    lender = make_membership(workspace=make_workspace(slug="lender"), role=Role.OWNER)
    lent = insert_models(lender.workspace, lender.user, GRANTED)
    grant(lent, members["granted"].workspace)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as autovacuum does a minute later
    return members


def look(slug: str, user) -> float:
    """Print what the lists of a workspace take; the longest median."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    print(f"{measure(client, FLOOR)}  {FLOOR}")
    longest = 0.0
    for address in LISTS:
        found = measure(client, address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        longest = max(longest, found.median)
        print(f"{found}, {len(queries)} queries  {address} ({slug})")
    return longest


def main() -> None:
    """Measure and say whether the bar is met."""
    with servers() as env:
        os.environ.update(env)
        os.environ["DJANGO_SETTINGS_MODULE"] = "orchestrator_site.settings.test"
        import django
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        call_command("migrate", verbosity=0)
        longest = max(look(slug, each.user) for slug, each in fill().items())
        connections.close_all()
    verdict = "met   " if longest <= BAR_MS else "MISSED"
    print(f"{verdict} the longest list, ms: {longest:.1f} (<= {BAR_MS:g})")


if __name__ == "__main__":
    main()
