"""Evaluations of a model's versions, and what its aliases ask for."""

from typing import ClassVar
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from flows.api import evaluation_formats as formats
from flows.api.answers import page_of
from flows.api.base import ApiView, read
from flows.api.description import described
from flows.api.evaluation_answers import (
    evaluation_detail,
    numbered,
    result_detail,
    rule_detail,
)
from flows.api.idempotency import find_key, key_header
from flows.api.pagination import page
from flows.api.requests import PageRequest
from model_registry import api as registry
from orchestrator_site.accounts.api import Permission


class EvaluationsView(ApiView):
    needs: ClassVar = {"GET": Permission.MODEL_VIEW, "POST": Permission.MODEL_REGISTER}

    @described(
        "evaluations_list",
        "List what versions of a model achieved, the newest first",
        parameters=(formats.EvaluationFilters,),
        gives={200: page_of(formats.EvaluationDetail)},
        problems=(400, 404),
    )
    def get(self, request: Request, slug: str) -> Response:
        model = registry.get_model(self.workspace, slug)
        asked = read(formats.EvaluationFilters, request.query_params.dict())
        found = registry.list_evaluations(model)
        if "version" in asked:
            found = found.filter(version__number=asked["version"])
        return Response(page(found, evaluation_detail, asked))

    @described(
        "evaluations_start",
        "Have a version run against a set by a worker",
        takes=formats.NewEvaluation,
        parameters=(key_header(gives="evaluation"),),
        gives={200: formats.EvaluationDetail, 201: formats.EvaluationDetail},
        problems=(400, 404, 409, 413, 415, 422),
    )
    def post(self, request: Request, slug: str) -> Response:
        model = registry.get_model(self.workspace, slug)
        asked = read(formats.NewEvaluation, request.data)
        version = registry.get_version(self.workspace, model.name, asked["version"])
        found = registry.get_set(self.workspace, asked["set"])
        ordered, is_new = registry.order_once(
            registry.Evaluation,
            registry.Repeatable(
                workspace_id=self.workspace.pk,
                key=find_key(request),
                request=[str(version.pk), str(found.pk)],
            ),
            lambda: registry.order_evaluation(
                version, found, actor=self.principal.actor
            ),
        )
        address = reverse("api:model-evaluation", args=[model.name, ordered.pk])
        return Response(
            evaluation_detail(ordered),
            status=201 if is_new else 200,
            headers={"Location": address},
        )


class EvaluationView(ApiView):
    needs: ClassVar = {"GET": Permission.MODEL_VIEW}

    @described(
        "evaluations_get",
        "Read an evaluation with its figures and their intervals",
        gives={200: formats.EvaluationDetail},
        problems=(404,),
    )
    def get(self, _request: Request, slug: str, evaluation_id: UUID) -> Response:
        model = registry.get_model(self.workspace, slug)
        return Response(evaluation_detail(_evaluation(model, evaluation_id)))


class ResultsView(ApiView):
    needs: ClassVar = {"GET": Permission.MODEL_VIEW}

    @described(
        "evaluations_results",
        "List what the version said to each case, by number",
        parameters=(formats.CaseRequest,),
        gives={200: formats.Results},
        problems=(400, 404),
    )
    def get(self, request: Request, slug: str, evaluation_id: UUID) -> Response:
        found = _evaluation(registry.get_model(self.workspace, slug), evaluation_id)
        asked = read(formats.CaseRequest, request.query_params.dict())
        results = registry.list_results(found)
        return Response(numbered(results, result_detail, asked, key="case__number"))


class EvaluationCancellationView(ApiView):
    needs: ClassVar = {"POST": Permission.MODEL_REGISTER}

    @described(
        "evaluations_cancel",
        "Stop an evaluation before its next case",
        gives={200: formats.EvaluationDetail},
        problems=(404,),
    )
    def post(self, _request: Request, slug: str, evaluation_id: UUID) -> Response:
        model = registry.get_model(self.workspace, slug)
        registry.cancel_evaluation(_evaluation(model, evaluation_id))
        return Response(evaluation_detail(_evaluation(model, evaluation_id)))


class RulesView(ApiView):
    needs: ClassVar = {"GET": Permission.MODEL_VIEW, "POST": Permission.MODEL_APPROVE}

    @described(
        "evaluations_rules",
        "List what the aliases of a model ask of versions",
        parameters=(PageRequest,),
        gives={200: page_of(formats.RuleDetail)},
        problems=(400, 404),
    )
    def get(self, request: Request, slug: str) -> Response:
        model = registry.get_model(self.workspace, slug)
        asked = read(PageRequest, request.query_params.dict())
        return Response(page(registry.list_rules(model), rule_detail, asked))

    @described(
        "evaluations_set_rule",
        "Let an alias ask for a metric; of the same metric the bound changes",
        takes=formats.NewRule,
        gives={200: formats.RuleDetail},
        problems=(400, 404, 413, 415, 422),
    )
    def post(self, request: Request, slug: str) -> Response:
        model = registry.get_model(self.workspace, slug)
        asked = read(formats.NewRule, request.data)
        rule = registry.set_rule(
            model,
            asked["alias"],
            registry.get_set(self.workspace, asked["set"]),
            asked["metric"],
            asked["bound"],
            actor=self.principal.actor,
        )
        return Response(rule_detail(rule))


class RuleRemovalView(ApiView):
    needs: ClassVar = {"POST": Permission.MODEL_APPROVE}

    @described(
        "evaluations_remove_rule",
        "Let an alias ask for a metric no longer",
        gives={200: formats.RuleDetail},
        problems=(404,),
    )
    def post(self, _request: Request, slug: str, rule_id: UUID) -> Response:
        model = registry.get_model(self.workspace, slug)
        rules = registry.list_rules(model).select_related("model")
        rule = get_object_or_404(rules, pk=rule_id)
        answer = rule_detail(rule)
        registry.remove_rule(rule, actor=self.principal.actor)
        return Response(answer)


def _evaluation(model: registry.Model, evaluation_id: UUID) -> registry.Evaluation:
    found: registry.Evaluation = get_object_or_404(
        registry.list_evaluations(model), pk=evaluation_id
    )
    found.version.model = model
    return found
