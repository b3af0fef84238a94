"""The description of the API: as OpenAPI, and as a page for people."""

from django.contrib.auth.mixins import LoginRequiredMixin
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import IsAuthenticated


class SchemaView(SpectacularJSONAPIView):
    permission_classes = (IsAuthenticated,)


class DocsPage(LoginRequiredMixin, SpectacularSwaggerSplitView):
    """Somebody who is not logged in is led to the login."""

    url_name = "api:schema"
    template_name = "flows/api_docs.html"
