"""Tags and standings say whose they are, so that a list need not look up every model."""

import django.db.models.deletion
from django.db import migrations, models

WORKSPACE = {
    "on_delete": django.db.models.deletion.PROTECT,
    "related_name": "+",
    "to": "accounts.workspace",
}
OWNERS = {"ModelTag": "model__workspace", "VersionStanding": "version__model__workspace"}


def fill(apps, _schema_editor):
    for name, owner in OWNERS.items():
        rows = apps.get_model("model_registry", name).objects
        of_this = rows.filter(pk=models.OuterRef("pk")).order_by()
        rows.update(workspace=models.Subquery(of_this.values(owner)[:1]))


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0002_invites"),
        ("model_registry", "0010_artefacts"),
    ]
    operations = [
        migrations.AddField("ModelTag", "workspace", models.ForeignKey(null=True, **WORKSPACE)),
        migrations.AddField("VersionStanding", "workspace", models.ForeignKey(null=True, **WORKSPACE)),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
