"""Secrets that models are called with: set, exchanged and deleted, never shown."""

from typing import ClassVar

from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from flows.api import model_formats as formats
from flows.api.answers import page_of
from flows.api.base import ApiView, read
from flows.api.description import described
from flows.api.model_answers import credential_summary
from flows.api.pagination import page
from flows.api.requests import PageRequest
from model_registry import api as registry
from orchestrator_site.accounts.api import Permission


class CredentialsView(ApiView):
    needs: ClassVar = {"GET": Permission.CREDENTIAL_VIEW}

    @described(
        "credentials_list",
        "List the names of credentials",
        parameters=(PageRequest,),
        gives={200: page_of(formats.CredentialSummary)},
        problems=(400,),
    )
    def get(self, request: Request) -> Response:
        asked = read(PageRequest, request.query_params.dict())
        found = registry.list_credentials(self.workspace)
        return Response(page(found, credential_summary, asked))


class CredentialView(ApiView):
    needs: ClassVar = {"PUT": Permission.CREDENTIAL_MANAGE}

    @described(
        "credentials_set",
        "Set a credential, or exchange it",
        takes=formats.NewCredential,
        gives={200: formats.CredentialSummary},
        problems=(400, 413, 415, 422),
    )
    def put(self, request: Request, slug: str) -> Response:
        asked = read(formats.NewCredential, request.data)
        credential = registry.set_credential(
            self.workspace, slug, asked["value"], actor=self.principal.actor
        )
        return Response(credential_summary(credential))


class CredentialDeletionView(ApiView):
    needs: ClassVar = {"POST": Permission.CREDENTIAL_MANAGE}

    @described(
        "credentials_delete",
        "Delete a credential",
        gives={200: formats.CredentialSummary},
        problems=(404,),
    )
    def post(self, _request: Request, slug: str) -> Response:
        found = get_object_or_404(registry.list_credentials(self.workspace), name=slug)
        answer = credential_summary(found)
        registry.delete_credential(self.workspace, slug, actor=self.principal.actor)
        return Response(answer)
