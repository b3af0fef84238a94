"""REST framework and its OpenAPI description."""

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "orchestrator_site.accounts.authentication.TokenAuthentication",
        "orchestrator_site.accounts.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "flows.api.description.OperationSchema",
    "EXCEPTION_HANDLER": "flows.api.problems.handle",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Baton API",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "ApprovalState": "flows.api.approval_formats.STATES",
        "DecisionOutcome": "approvals.models.Outcome",
        "HealthState": "model_registry.guarding.condition.HEALTH_CHOICES",
        "ImportKind": "model_registry.services.importing.ImportKind",
        "KindEnum": "model_registry.models.Model.Kind",
        "ReasonCode": "approvals.models.ReasonCode",
        "RunStatus": "flows.models.RunStatus",
        "StepStatus": "flows.models.StepStatus",
        "VersionStatus": "model_registry.models.standing.STATUS_CHOICES",
        "WorkStatus": "model_registry.models.WorkStatus",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}
