"""Steering runs that are under way, and sending them events."""

from typing import Any, ClassVar
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from flows.api import answers
from flows.api import steering_formats as formats
from flows.api.base import ApiView, read
from flows.api.description import described
from flows.api.idempotency import find_key, key_header
from flows.models import Run
from flows.selectors import get_run, moment_text, run_document
from flows.services.signals import Event, Sent, send_signal, signal_run
from flows.services.steering import (
    request_cancel,
    request_cancel_step,
    request_pause,
    request_release,
    request_resume,
    resolve_doubt,
)
from orchestrator_site.accounts.api import Permission


class SteeringView(ApiView):
    """Base: what is asked is answered before it is done."""

    needs: ClassVar = {"POST": Permission.RUN_STEER}

    def find_run(self, run_id: UUID) -> Run:
        """The workspace's run. Raises: RunNotFound."""
        return get_run(self.workspace, run_id)

    @property
    def actor(self) -> str:
        """Who is asking."""
        return self.principal.actor


class CancellationView(SteeringView):
    needs: ClassVar = {"POST": Permission.RUN_CANCEL}

    @described(
        "runs_cancel",
        "Ask for a run to be cancelled",
        gives={202: answers.RunDetail},
        problems=(404, 409),
    )
    def post(self, request: Request, run_id: UUID) -> Response:
        run = self.find_run(run_id)
        request_cancel(run, actor=self.actor)
        return _requested(run)


class PauseView(SteeringView):
    @described(
        "runs_pause",
        "Ask for a run to start nothing more for now",
        gives={202: answers.RunDetail},
        problems=(404, 409),
    )
    def post(self, request: Request, run_id: UUID) -> Response:
        run = self.find_run(run_id)
        request_pause(run, actor=self.actor)
        return _requested(run)


class ResumeView(SteeringView):
    @described(
        "runs_resume",
        "Ask for a paused run to go on",
        gives={202: answers.RunDetail},
        problems=(404, 409),
    )
    def post(self, request: Request, run_id: UUID) -> Response:
        run = self.find_run(run_id)
        request_resume(run, actor=self.actor)
        return _requested(run)


class ReleaseView(SteeringView):
    @described(
        "runs_release",
        "Ask for a run to be tried again that was set aside",
        gives={202: answers.RunDetail},
        problems=(404, 409),
    )
    def post(self, request: Request, run_id: UUID) -> Response:
        run = self.find_run(run_id)
        request_release(run, actor=self.actor)
        return _requested(run)


class StepCancellationView(SteeringView):
    @described(
        "runs_cancel_step",
        "Ask for a step, or all steps of a scope, to be given up",
        takes=formats.StepChoice,
        gives={202: answers.RunDetail},
        problems=(400, 404, 409, 413, 415),
    )
    def post(self, request: Request, run_id: UUID) -> Response:
        run = self.find_run(run_id)
        asked = read(formats.StepChoice, request.data)
        request_cancel_step(run, asked["address"], actor=self.actor)
        return _requested(run)


class StepResolutionView(SteeringView):
    @described(
        "runs_resolve_step",
        "Say of a step in doubt whether its effect took place",
        takes=formats.Resolution,
        gives={202: answers.RunDetail},
        problems=(400, 404, 409, 413, 415),
    )
    def post(self, request: Request, run_id: UUID) -> Response:
        run = self.find_run(run_id)
        asked = read(formats.Resolution, request.data)
        resolve_doubt(run, **asked, actor=self.actor)
        return _requested(run)


class RunSignalsView(SteeringView):
    needs: ClassVar = {"POST": Permission.RUN_SIGNAL}

    @described(
        "runs_signal",
        "Tell a run of an event that it waits for, now or later",
        takes=formats.NewRunSignal,
        parameters=(key_header(gives="event"),),
        gives={200: formats.SignalReceipt, 202: formats.SignalReceipt},
        problems=(400, 404, 409, 413, 415),
    )
    def post(self, request: Request, run_id: UUID) -> Response:
        run = self.find_run(run_id)
        asked = read(formats.NewRunSignal, request.data)
        event = Event(**asked, message_id=find_key(request))
        return _kept(signal_run(run, event, actor=self.actor))


class EventsView(SteeringView):
    needs: ClassVar = {"POST": Permission.RUN_SIGNAL}

    @described(
        "events_send",
        "Send an event to every run that waits for it, now or within its time",
        takes=formats.NewEvent,
        gives={200: formats.SignalReceipt, 202: formats.SignalReceipt},
        problems=(400, 409, 413, 415),
    )
    def post(self, request: Request) -> Response:
        event = Event(**read(formats.NewEvent, request.data))
        return _kept(send_signal(self.workspace, event, actor=self.actor))


def _requested(run: Run) -> Response:
    return Response(run_document(run), status=202)


def _kept(sent: Sent) -> Response:
    signal = sent.signal
    receipt: dict[str, Any] = {
        "id": str(signal.pk),
        "name": signal.name,
        "key": signal.key,
        "message_id": signal.message_id,
        "expires_at": moment_text(signal.expires_at),
    }
    return Response(receipt, status=202 if sent.is_new else 200)
