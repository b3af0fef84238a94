"""Runs: starting and following them."""

from typing import ClassVar
from uuid import UUID

from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from flows.api import answers, requests
from flows.api.base import ApiView, read
from flows.api.description import described
from flows.api.idempotency import find_key, key_header
from flows.api.pagination import page
from flows.selectors import (
    accepted_between,
    get_flow,
    get_run,
    list_events,
    list_runs,
    run_document,
    run_summary,
)
from flows.services.runs import RunRequest
from flows.services.waiting import start_and_wait
from orchestrator_site.accounts.api import Permission


class RunsView(ApiView):
    needs: ClassVar = {"GET": Permission.RUN_VIEW, "POST": Permission.RUN_START}

    @described(
        "runs_list",
        "List runs, newest first",
        parameters=(requests.RunFilters,),
        gives={200: answers.page_of(answers.RunSummary)},
        problems=(400, 404),
    )
    def get(self, request: Request) -> Response:
        asked = read(requests.RunFilters, request.query_params.dict())
        runs = list_runs(self.workspace)
        if "flow" in asked:
            runs = runs.filter(flow=get_flow(self.workspace, asked["flow"]))
        if "status" in asked:
            runs = runs.filter(status=asked["status"])
        runs = accepted_between(runs, asked.get("since"), asked.get("until"))
        return Response(page(runs, run_summary, asked))

    @described(
        "runs_start",
        "Start a run of a published version",
        takes=requests.NewRun,
        parameters=(key_header(gives="run"),),
        gives={200: answers.RunDetail, 201: answers.RunDetail},
        problems=(400, 404, 409, 413, 415, 422),
    )
    def post(self, request: Request) -> Response:
        asked = read(requests.NewRun, request.data)
        started = start_and_wait(
            RunRequest(
                flow=get_flow(self.workspace, asked["flow"]),
                input=asked["input"],
                actor=self.principal.actor,
                version=asked.get("version"),
                priority=asked.get("priority"),
                idempotency_key=find_key(request),
            ),
            seconds=asked["wait"],
        )
        return Response(
            run_document(started.run, started.steps),
            status=201 if started.is_new else 200,
            headers={"Location": reverse("api:run", args=[started.run.pk])},
        )


class RunView(ApiView):
    needs: ClassVar = {"GET": Permission.RUN_VIEW}

    @described(
        "runs_get",
        "Read a run with its steps",
        gives={200: answers.RunDetail},
        problems=(404,),
    )
    def get(self, request: Request, run_id: UUID) -> Response:
        return Response(run_document(get_run(self.workspace, run_id)))


class StepsView(ApiView):
    needs: ClassVar = {"GET": Permission.RUN_VIEW}

    @described(
        "runs_steps",
        "List the steps of a run as they were recorded",
        gives={200: answers.Steps},
        problems=(404,),
    )
    def get(self, request: Request, run_id: UUID) -> Response:
        run = run_document(get_run(self.workspace, run_id))
        return Response({"items": run["steps"]})


class EventsView(ApiView):
    needs: ClassVar = {"GET": Permission.RUN_VIEW}

    @described(
        "runs_events",
        "List what the ledger holds of a run, oldest first",
        parameters=(requests.EventRequest,),
        gives={200: answers.Events},
        problems=(400, 404),
    )
    def get(self, request: Request, run_id: UUID) -> Response:
        asked = read(requests.EventRequest, request.query_params.dict())
        events = list_events(get_run(self.workspace, run_id), **asked)
        last = events[-1]["seq"] if events else asked["after"]
        return Response({"items": events, "next_after": last})
