"""What was registered before versions had a standing goes on working."""

from django.db import migrations

from model_registry.json_values import digest

ACTOR = "system:upgrade"
REASON = "In use before versions had to be approved."


def fill(apps, _schema_editor):
    models = {
        name: apps.get_model("model_registry", name)
        for name in (
            "Model", "ModelVersion", "Alias", "AliasMove", "VersionStanding",
            "StandingChange", "Price",
        )
    }
    for model in models["Model"].objects.all():
        model.contract = digest({
            "capability": model.capability,
            "input_schema": model.input_schema,
            "output_schema": model.output_schema,
        })
        model.save(update_fields=["contract"])
    for version in models["ModelVersion"].objects.all():
        stand(models, version)
    for alias in models["Alias"].objects.all():
        models["AliasMove"].objects.create(
            model_id=alias.model_id, alias=alias.name, new_id=alias.version_id,
            moved_by=ACTOR, reason=REASON, at=alias.moved_at,
        )


def stand(models, version):
    call = digest({"adapter": version.adapter, "settings": version.settings})
    models["ModelVersion"].objects.filter(pk=version.pk).update(call_digest=call)
    values = {"version_id": version.pk, "changed_by": ACTOR, "reason": REASON}
    at = version.created_at
    models["VersionStanding"].objects.create(status="approved", changed_at=at, **values)
    models["StandingChange"].objects.create(new="approved", at=at, **values)
    price = version.settings.get("price")
    if price:
        models["Price"].objects.create(
            version_id=version.pk, valid_from=at, set_by=ACTOR,
            input_usd_per_million=price["input_usd_per_million"],
            output_usd_per_million=price["output_usd_per_million"],
        )


class Migration(migrations.Migration):

    dependencies = [("model_registry", "0003_governance_and_standing")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
