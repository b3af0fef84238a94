"""How the views say in OpenAPI what they take and give."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import extend_schema
from rest_framework.serializers import Serializer

from flows.api.answers import ProblemDocument
from flows.api.problems import MEDIA_TYPE
from orchestrator_site.accounts.api import roles_giving, scopes_giving

ViewMethodT = TypeVar("ViewMethodT", bound=Callable[..., Any])

ALWAYS = (401, 403)


class OperationSchema(AutoSchema):
    """Says of each operation who may call it; what it does is its summary."""

    def get_description(self) -> str:  # type: ignore[override]
        """From the tables that the view is checked against."""
        view: Any = self.view
        permission = view.needs[self.method]
        scopes = " or ".join(f"`{scope}`" for scope in scopes_giving(permission))
        roles = ", ".join(roles_giving(permission))
        return (
            f"Needs the permission `{permission}`: the role {roles}, "
            f"and of a token the scope {scopes}."
        )


def described(
    name: str,
    summary: str,
    *,
    gives: Mapping[int, Any],
    problems: tuple[int, ...] = (),
    takes: type[Serializer[Any]] | Mapping[str, Any] | None = None,
    parameters: tuple[Any, ...] = (),
) -> Callable[[ViewMethodT], ViewMethodT]:
    """Describe one operation.

    `name` is its operation id and begins with the group it is listed under; `gives`
    maps statuses to what is answered, `problems` lists the others beside 401 and 403.
    `takes` is a body of JSON, or maps the media types of a body to what it is.
    """
    refusals = {
        (status, MEDIA_TYPE): ProblemDocument for status in (*ALWAYS, *problems)
    }
    return extend_schema(
        operation_id=name,
        summary=summary,
        tags=[name.partition("_")[0]],
        request=takes,
        parameters=list(parameters),
        responses={**gives, **refusals},
    )
