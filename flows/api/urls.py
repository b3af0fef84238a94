"""Addresses of the API, version 1."""

from django.urls import path

from flows.api import (
    approval_views,
    docs_views,
    egress_views,
    flow_views,
    run_views,
    steering_views,
)

app_name = "api"

urlpatterns = [
    path("flows", flow_views.FlowsView.as_view(), name="flows"),
    path(
        "flows/validate",
        flow_views.DocumentValidationView.as_view(),
        name="document-validation",
    ),
    path("flows/<slug:slug>", flow_views.FlowView.as_view(), name="flow"),
    path(
        "flows/<slug:slug>/validate",
        flow_views.DraftValidationView.as_view(),
        name="draft-validation",
    ),
    path(
        "flows/<slug:slug>/publish",
        flow_views.PublicationView.as_view(),
        name="publication",
    ),
    path(
        "flows/<slug:slug>/versions", flow_views.VersionsView.as_view(), name="versions"
    ),
    path(
        "flows/<slug:slug>/versions/<int:number>",
        flow_views.VersionView.as_view(),
        name="version",
    ),
    path("flow-schema", flow_views.FlowSchemaView.as_view(), name="flow-schema"),
    path("runs", run_views.RunsView.as_view(), name="runs"),
    path("runs/<uuid:run_id>", run_views.RunView.as_view(), name="run"),
    path("runs/<uuid:run_id>/steps", run_views.StepsView.as_view(), name="steps"),
    path("runs/<uuid:run_id>/events", run_views.EventsView.as_view(), name="events"),
    path(
        "runs/<uuid:run_id>/cancel",
        steering_views.CancellationView.as_view(),
        name="cancellation",
    ),
    path("runs/<uuid:run_id>/pause", steering_views.PauseView.as_view(), name="pause"),
    path(
        "runs/<uuid:run_id>/resume", steering_views.ResumeView.as_view(), name="resume"
    ),
    path(
        "runs/<uuid:run_id>/release",
        steering_views.ReleaseView.as_view(),
        name="release",
    ),
    path(
        "runs/<uuid:run_id>/steps/cancel",
        steering_views.StepCancellationView.as_view(),
        name="step-cancellation",
    ),
    path(
        "runs/<uuid:run_id>/steps/resolve",
        steering_views.StepResolutionView.as_view(),
        name="step-resolution",
    ),
    path(
        "runs/<uuid:run_id>/signals",
        steering_views.RunSignalsView.as_view(),
        name="run-signals",
    ),
    path("events", steering_views.EventsView.as_view(), name="workspace-events"),
    path("approvals", approval_views.ApprovalsView.as_view(), name="approvals"),
    path(
        "approvals/<uuid:approval_id>",
        approval_views.ApprovalView.as_view(),
        name="approval",
    ),
    path(
        "approvals/<uuid:approval_id>/decision",
        approval_views.DecisionView.as_view(),
        name="decision",
    ),
    path("origins", egress_views.OriginsView.as_view(), name="origins"),
    path(
        "origins/<uuid:origin_id>/withdraw",
        egress_views.WithdrawalView.as_view(),
        name="origin-withdrawal",
    ),
    path("schema/", docs_views.SchemaView.as_view(), name="schema"),
    path("docs/", docs_views.DocsPage.as_view(), name="docs"),
]
