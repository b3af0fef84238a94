"""Addresses of the API, version 1."""

from django.urls import path

from flows.api import (
    approval_views,
    credential_views,
    docs_views,
    egress_views,
    figures_views,
    flow_sharing_views,
    flow_views,
    grant_views,
    import_views,
    model_views,
    received_views,
    run_views,
    steering_views,
    version_views,
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
    path(
        "flows/<slug:slug>/grants",
        flow_sharing_views.FlowGrantsView.as_view(),
        name="flow-grants",
    ),
    path(
        "flows/<slug:slug>/grants/<uuid:flow_grant_id>/withdraw",
        flow_sharing_views.FlowGrantWithdrawalView.as_view(),
        name="flow-grant-withdrawal",
    ),
    path(
        "shared-flows",
        flow_sharing_views.SharedFlowsView.as_view(),
        name="shared-flows",
    ),
    path(
        "shared-flows/<uuid:shared_id>",
        flow_sharing_views.SharedFlowView.as_view(),
        name="shared-flow",
    ),
    path(
        "shared-flows/<uuid:shared_id>/copy",
        flow_sharing_views.FlowCopyView.as_view(),
        name="shared-flow-copy",
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
    path("models", model_views.ModelsView.as_view(), name="models"),
    path("models/<slug:slug>", model_views.ModelView.as_view(), name="model"),
    path(
        "models/<slug:slug>/figures",
        figures_views.FiguresView.as_view(),
        name="model-figures",
    ),
    path(
        "models/<slug:slug>/health",
        figures_views.HealthView.as_view(),
        name="model-health",
    ),
    path(
        "models/<slug:slug>/governance",
        model_views.GovernanceView.as_view(),
        name="model-governance",
    ),
    path(
        "models/<slug:slug>/aliases",
        model_views.AliasesView.as_view(),
        name="model-aliases",
    ),
    path(
        "models/<slug:slug>/aliases/<slug:alias>",
        model_views.AliasView.as_view(),
        name="model-alias",
    ),
    path(
        "models/<slug:slug>/versions",
        version_views.ModelVersionsView.as_view(),
        name="model-versions",
    ),
    path(
        "models/<slug:slug>/versions/<int:number>",
        version_views.ModelVersionView.as_view(),
        name="model-version",
    ),
    path(
        "models/<slug:slug>/versions/<int:number>/compare/<int:other>",
        version_views.ComparisonView.as_view(),
        name="model-comparison",
    ),
    path(
        "models/<slug:slug>/versions/<int:number>/standing",
        version_views.StandingView.as_view(),
        name="model-standing",
    ),
    path(
        "models/<slug:slug>/versions/<int:number>/prices",
        version_views.PriceView.as_view(),
        name="model-prices",
    ),
    path(
        "models/<slug:slug>/grants",
        grant_views.GrantsView.as_view(),
        name="model-grants",
    ),
    path(
        "models/<slug:slug>/grants/<uuid:grant_id>/withdraw",
        grant_views.GrantWithdrawalView.as_view(),
        name="model-grant-withdrawal",
    ),
    path(
        "shared-models/<slug:slug>",
        received_views.SharedModelView.as_view(),
        name="shared-model",
    ),
    path(
        "shared-models/<slug:slug>/copy",
        received_views.ModelCopyView.as_view(),
        name="shared-model-copy",
    ),
    path("model-imports", import_views.ImportsView.as_view(), name="model-imports"),
    path(
        "model-imports/offers",
        import_views.OffersView.as_view(),
        name="model-offers",
    ),
    path("credentials", credential_views.CredentialsView.as_view(), name="credentials"),
    path(
        "credentials/<slug:slug>",
        credential_views.CredentialView.as_view(),
        name="credential",
    ),
    path(
        "credentials/<slug:slug>/delete",
        credential_views.CredentialDeletionView.as_view(),
        name="credential-deletion",
    ),
    path("schema/", docs_views.SchemaView.as_view(), name="schema"),
    path("docs/", docs_views.DocsPage.as_view(), name="docs"),
]
