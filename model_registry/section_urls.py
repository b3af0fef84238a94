"""Addresses of what is done with a model: evaluating and sharing it."""

from django.urls import path

from model_registry.views import evaluations, sharing

app_name = "model_work"
AT = "models/<slug:name>/"

urlpatterns = [
    path(f"{AT}evaluations/", evaluations.evaluations, name="evaluations"),
    path(f"{AT}evaluations/new/", evaluations.begin, name="evaluate"),
    path(f"{AT}evaluations/new-set/", evaluations.upload, name="upload_set"),
    path(f"{AT}evaluations/new-rule/", evaluations.add_rule, name="add_rule"),
    path(
        f"{AT}evaluations/rules/<uuid:rule_id>/removal/",
        evaluations.drop_rule,
        name="drop_rule",
    ),
    path(
        f"{AT}evaluations/<uuid:evaluation_id>/",
        evaluations.evaluation,
        name="evaluation",
    ),
    path(
        f"{AT}evaluations/<uuid:evaluation_id>/cancellation/",
        evaluations.cancel,
        name="cancel_evaluation",
    ),
    path(f"{AT}sharing/", sharing.sharing, name="sharing"),
    path(f"{AT}sharing/new/", sharing.grant, name="grant"),
    path(f"{AT}sharing/<uuid:grant_id>/end/", sharing.withdraw, name="withdraw"),
]
