"""What the views of the API share."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, TypeVar, cast

from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from flows.api.parsers import BoundedJSONParser
from flows.api.refusals import LengthMissing, PermissionMissing
from orchestrator_site.accounts.api import Permission, Principal, Workspace

SerializerT = TypeVar("SerializerT", bound=Serializer[Any])


class ApiView(APIView):
    """A view that asks for one permission per method, in the principal's workspace."""

    parser_classes: Sequence[type[BaseParser]] = (BoundedJSONParser,)
    metadata_class = None
    http_method_names = ["get", "head", "post", "put"]
    needs: ClassVar[Mapping[str, Permission]]

    @property
    def principal(self) -> Principal:
        """Who is asking."""
        return cast("Principal", self.request.auth)

    @property
    def workspace(self) -> Workspace:
        """Where everything that this request reads or changes is."""
        return self.principal.workspace

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Refuse what cannot be read after who may not write."""
        super().initial(request, *args, **kwargs)
        headers = request.headers
        if "Transfer-Encoding" in headers and not headers.get("Content-Length"):
            raise LengthMissing

    def check_permissions(self, request: Request) -> None:
        """Answer 401 to nobody, 403 to a principal without the permission."""
        super().check_permissions(request)
        method = "GET" if request.method == "HEAD" else str(request.method)
        if method in self.allowed_methods:
            permission = self.needs[method]
            if not self.principal.can(permission):
                raise PermissionMissing(self.principal, permission)


def read(serializer: type[SerializerT], data: object) -> dict[str, Any]:
    """Check what a client sent. Raises: ValidationError."""
    checked = serializer(data=data)
    checked.is_valid(raise_exception=True)
    values: dict[str, Any] = checked.validated_data
    return values
