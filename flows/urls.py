"""Addresses of flows."""

from django.urls import include, path, re_path

from flows.api.fallbacks import nothing_here
from flows.views import (
    audit,
    collecting,
    editor,
    flows,
    operations,
    run,
    run_states,
    runs,
    sharing,
    starting,
    steering,
    trying,
    uses,
)

pages = [
    path("flows/", flows.flow_list, name="list"),
    path("flows/<slug:slug>/", editor.editor, name="editor"),
    path("flows/<slug:slug>/inspector/", editor.inspector, name="inspector"),
    path("flows/<slug:slug>/names/", editor.names, name="names"),
    path("flows/<slug:slug>/run/", starting.start, name="start"),
    path("flows/<slug:slug>/uses/", uses.of_flow, name="uses"),
    path("flows/<slug:slug>/sharing/", sharing.sharing, name="sharing"),
    path("flows/<slug:slug>/sharing/new/", sharing.grant, name="grant"),
    path(
        "flows/<slug:slug>/sharing/<uuid:grant_id>/end/",
        sharing.withdraw,
        name="withdraw",
    ),
    path("shared-flows/<uuid:grant_id>/", sharing.shared, name="shared_flow"),
    path("shared-flows/<uuid:grant_id>/copy/", sharing.copy, name="copy_shared"),
    path("ledger/", audit.ledger, name="ledger"),
    path("ledger/verification/", audit.verification, name="ledger_verification"),
    path("models/<slug:name>/try/", trying.form, name="model_try"),
    path("models/<slug:name>/try/<uuid:trial_id>/", trying.trial, name="model_trial"),
    path(
        "models/<slug:name>/evaluations/collect/",
        collecting.cases,
        name="model_collect",
    ),
    path("models/<slug:name>/uses/", uses.of_model, name="model_uses"),
    path("shared-models/<slug:name>/try/", trying.shared_form, name="shared_model_try"),
    path(
        "shared-models/<slug:name>/try/<uuid:trial_id>/",
        trying.shared_trial,
        name="shared_model_trial",
    ),
    path(
        "shared-models/<slug:name>/uses/",
        uses.of_shared_model,
        name="shared_model_uses",
    ),
    path("operations/", operations.operations, name="operations"),
    path("runs/", runs.runs, name="runs"),
    path("runs/changes/", runs.changes, name="runs_changes"),
    path("runs/<uuid:run_id>/", run.run, name="run"),
    path(
        "runs/<uuid:run_id>/cancellation/",
        steering.cancellation,
        name="run_cancellation",
    ),
    path("runs/<uuid:run_id>/states/", run_states.states, name="run_states"),
    path("runs/<uuid:run_id>/drawing/", run.drawing, name="run_drawing"),
    path("runs/<uuid:run_id>/pause/", steering.pause, name="run_pause"),
    path("runs/<uuid:run_id>/resume/", steering.resume, name="run_resume"),
    path("runs/<uuid:run_id>/release/", steering.release, name="run_release"),
    path("runs/<uuid:run_id>/signal/", steering.signal, name="run_signal"),
    path(
        "runs/<uuid:run_id>/step-cancellation/",
        steering.step_cancellation,
        name="step_cancellation",
    ),
    path(
        "runs/<uuid:run_id>/step-resolution/",
        steering.resolution,
        name="step_resolution",
    ),
    path("runs/<uuid:run_id>/repetition/", run.repetition, name="run_repetition"),
    path("runs/<uuid:run_id>/verification/", run.verification, name="run_verification"),
    path("new-flow/", flows.new, name="new"),
    path("new-flow/import/", flows.import_, name="import"),
    path("new-flow/example/<slug:name>/", flows.use_example, name="use_example"),
]

urlpatterns = [
    path("", include((pages, "flows"))),
    path("api/v1/", include("flows.api.urls")),
    re_path("^api/", nothing_here),
]
