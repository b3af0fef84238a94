"""Which services outside the flows of a workspace may call."""

from typing import Any, ClassVar
from uuid import UUID

from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from flows.api.answers import Answer, page_of
from flows.api.base import ApiView, read
from flows.api.description import described
from flows.api.pagination import page
from flows.api.refusals import OriginRefused
from flows.api.requests import PageRequest, StrictSerializer
from flows.selectors import moment_text
from orchestrator_site.accounts.api import Permission
from orchestrator_site.egress import api as egress


class NewOrigin(StrictSerializer):
    origin = serializers.CharField(
        max_length=300, help_text="Scheme, host and port, such as https://api.example."
    )


class OriginDetail(Answer):
    id = serializers.UUIDField()
    origin = serializers.CharField()
    allowed_by = serializers.CharField()
    created_at = serializers.DateTimeField()


class OriginsView(ApiView):
    needs: ClassVar = {"GET": Permission.EGRESS_VIEW, "POST": Permission.EGRESS_MANAGE}

    @described(
        "origins_list",
        "List the services outside that flows may call",
        parameters=(PageRequest,),
        gives={200: page_of(OriginDetail)},
        problems=(400,),
    )
    def get(self, request: Request) -> Response:
        asked = read(PageRequest, request.query_params.dict())
        return Response(page(egress.list_origins(self.workspace), _document, asked))

    @described(
        "origins_allow",
        "Let flows call a service outside",
        takes=NewOrigin,
        gives={201: OriginDetail},
        problems=(400, 409, 413, 415, 422),
    )
    def post(self, request: Request) -> Response:
        asked = read(NewOrigin, request.data)
        try:
            allowed = egress.allow_origin(
                self.workspace, asked["origin"], actor=self.principal.actor
            )
        except (egress.OriginInvalid, egress.OriginKnown) as error:
            raise OriginRefused(error) from error
        return Response(_document(allowed), status=201)


class WithdrawalView(ApiView):
    needs: ClassVar = {"POST": Permission.EGRESS_MANAGE}

    @described(
        "origins_withdraw",
        "Stop flows from calling a service outside",
        gives={200: OriginDetail},
        problems=(404,),
    )
    def post(self, _request: Request, origin_id: UUID) -> Response:
        listed = egress.list_origins(self.workspace)
        allowed = get_object_or_404(listed, pk=origin_id)
        document = _document(allowed)
        egress.withdraw_origin(allowed, actor=self.principal.actor)
        return Response(document)


def _document(allowed: egress.AllowedOrigin) -> dict[str, Any]:
    return {
        "id": str(allowed.pk),
        "origin": allowed.origin,
        "allowed_by": allowed.allowed_by,
        "created_at": moment_text(allowed.created_at),
    }
