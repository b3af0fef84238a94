"""Trying a version of a model with one question."""

from typing import ClassVar
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from flows.api import evaluation_formats as formats
from flows.api.base import ApiView, read
from flows.api.description import described
from flows.api.evaluation_answers import trial_detail
from flows.api.idempotency import find_key, key_header
from model_registry import api as registry
from orchestrator_site.accounts.api import Permission


class TrialsView(ApiView):
    needs: ClassVar = {"POST": Permission.RUN_START}

    @described(
        "models_try",
        "Have one question answered by a version, by a worker",
        takes=formats.NewTrial,
        parameters=(key_header(gives="trial, for a day and who sends it"),),
        gives={200: formats.TrialDetail, 202: formats.TrialDetail},
        problems=(400, 404, 409, 413, 415, 422),
    )
    def post(self, request: Request, slug: str) -> Response:
        model = registry.get_model(self.workspace, slug)
        asked = read(formats.NewTrial, request.data)
        version = registry.get_version(self.workspace, model.name, asked["version"])
        value, data_class = asked["input"], asked["data_class"]
        actor = self.principal.actor
        repeatable = registry.Repeatable(
            workspace_id=self.workspace.pk,
            key=find_key(request),
            asker=actor,
            request=[str(version.pk), value, data_class],
        )
        trial, is_new = registry.order_once(
            registry.Trial,
            repeatable,
            lambda: registry.order_trial(version, value, data_class, actor=actor),
        )
        return Response(
            trial_detail(trial),
            status=202 if is_new else 200,
            headers={
                "Location": reverse("api:model-trial", args=[model.name, trial.pk])
            },
        )


class TrialView(ApiView):
    needs: ClassVar = {"GET": Permission.RUN_START}

    @described(
        "models_trial",
        "Read what a version answered; for who asked, within a day",
        gives={200: formats.TrialDetail},
        problems=(404,),
    )
    def get(self, _request: Request, slug: str, trial_id: UUID) -> Response:
        trial = registry.find_trial(self.workspace, trial_id, self.principal.actor)
        if trial is None or trial.version.model.name != slug:
            raise Http404
        return Response(trial_detail(trial))
