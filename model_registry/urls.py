"""The addresses of the registry's pages."""

from django.urls import include, path

from model_registry.views import (
    aliases,
    artefacts,
    catalogue,
    comparing,
    credentials,
    editing,
    importing,
    model,
    received,
    registering,
    versions,
)

models = [
    path("models/", catalogue.models, name="list"),
    path("models/<slug:name>/", model.overview, name="model"),
    path("models/<slug:name>/card/", model.card, name="card"),
    path("models/<slug:name>/schemas/", model.schemas, name="schemas"),
    path("models/<slug:name>/history/", aliases.history, name="history"),
    path("models/<slug:name>/edit/", editing.edit, name="edit"),
    path("models/<slug:name>/governance/", editing.record, name="govern"),
    path("models/<slug:name>/alias/", aliases.move, name="move_alias"),
    path("models/<slug:name>/compare/", comparing.comparison, name="compare"),
    path(
        "models/<slug:name>/new-version/", registering.new_version, name="new_version"
    ),
    path("models/<slug:name>/versions/<int:number>/", versions.version, name="version"),
    path(
        "models/<slug:name>/versions/<int:number>/price/",
        versions.price,
        name="set_price",
    ),
    path(
        "models/<slug:name>/versions/<int:number>/<slug:status>/",
        versions.standing,
        name="standing",
    ),
    path("model-files/", artefacts.files, name="files"),
    path("model-files/upload/", artefacts.upload, name="upload_file"),
    path("model-files/<slug:sha256>/delete/", artefacts.delete, name="delete_file"),
    path("new-model/", registering.new, name="new"),
    path("new-model/manifest/", registering.manifest, name="manifest"),
    path("new-model/import/", importing.import_page, name="import"),
    path("new-model/shipped/", catalogue.use_shipped, name="use_shipped"),
]
shared_models = [
    path("shared-models/<slug:name>/", received.overview, name="model"),
    path("shared-models/<slug:name>/card/", received.card, name="card"),
    path("shared-models/<slug:name>/schemas/", received.schemas, name="schemas"),
    path("shared-models/<slug:name>/copy/", received.copy, name="copy"),
]
secrets = [
    path("credentials/", credentials.credentials, name="list"),
    path("new-credential/", credentials.new, name="new"),
    path("credentials/<slug:name>/exchange/", credentials.exchange, name="exchange"),
    path("credentials/<slug:name>/delete/", credentials.delete, name="delete"),
]
urlpatterns = [
    path("", include((models, "models"))),
    path("", include((shared_models, "shared_models"))),
    path("", include((secrets, "credentials"))),
]
