import django.db.models.deletion
from django.db import migrations, models

WORKSPACE = {
    "on_delete": django.db.models.deletion.PROTECT,
    "related_name": "+",
    "to": "accounts.workspace",
}


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0002_invites"),
        ("model_registry", "0011_workspace_of_tags_and_standings"),
    ]
    operations = [
        migrations.AlterField("ModelTag", "workspace", models.ForeignKey(**WORKSPACE)),
        migrations.AlterField("VersionStanding", "workspace", models.ForeignKey(**WORKSPACE)),
        migrations.AddIndex(
            "ModelTag", models.Index(fields=["workspace", "name"], name="model_tag_words")
        ),
        migrations.AddIndex(
            "VersionStanding",
            models.Index(fields=["workspace", "status"], name="standing_count"),
        ),
    ]
