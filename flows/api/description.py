"""How the views say in OpenAPI what they take and give."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from drf_spectacular.utils import extend_schema
from rest_framework.serializers import Serializer

from flows.api.answers import ProblemDocument
from flows.api.problems import MEDIA_TYPE

ViewMethodT = TypeVar("ViewMethodT", bound=Callable[..., Any])

ALWAYS = (401, 403)


def described(
    name: str,
    summary: str,
    *,
    gives: Mapping[int, Any],
    problems: tuple[int, ...] = (),
    takes: type[Serializer[Any]] | None = None,
    parameters: tuple[Any, ...] = (),
) -> Callable[[ViewMethodT], ViewMethodT]:
    """Describe one operation.

    `name` is its operation id and begins with the group it is listed under; `gives`
    maps statuses to what is answered, `problems` lists the others beside 401 and 403.
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
