"""What probes have found up to now is the first change of health that is known."""

from django.db import migrations


def tell_how_versions_are(apps, _schema_editor):
    changes = apps.get_model("model_registry", "HealthChange").objects
    known = apps.get_model("model_registry", "ModelHealth").objects
    for health in known.exclude(is_well=None).exclude(changed_at=None):
        changes.create(
            version_id=health.pk,
            source="probe",
            is_well=health.is_well,
            reason=health.message,
            at=health.changed_at,
        )


class Migration(migrations.Migration):
    dependencies = [("model_registry", "0007_figures_drift")]

    operations = [
        migrations.RunPython(
            tell_how_versions_are, migrations.RunPython.noop, elidable=True
        )
    ]
