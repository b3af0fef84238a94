"""What only the API refuses; flows.errors holds the rest.

APIException
├── BodyRefused              the body is no JSON that this API reads
├── CasesRefused             the cases of an evaluation set have problems
├── CursorInvalid
├── IdempotencyKeyInvalid
├── IdempotencyKeyMissing
├── LengthMissing
├── OriginRefused
├── PermissionMissing
├── SlugTaken
└── WorkspaceOutOfReach
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rest_framework.exceptions import APIException

from flows.errors import Problem
from model_registry.api import CasesInvalid
from orchestrator_site.accounts.api import Permission, Principal
from orchestrator_site.egress.api import OriginInvalid, OriginKnown


class Refusal(APIException):
    """Base: `members` go into the problem document."""

    code = "refused"

    def __init__(self, message: str, **members: Any) -> None:  # noqa: ANN401 - JSON
        super().__init__(message, self.code)
        self.members = members


class BodyRefused(Refusal):
    """The body is too large, too deep, no JSON, or says one thing twice."""

    status_code = 400

    def __init__(self, problems: Sequence[Problem]) -> None:
        first = problems[0]
        self.code = first.code
        if first.code == "document_too_large":
            self.status_code = 413
        super().__init__(
            f"The body was not read. {first.message}",
            problems=[asdict(problem) for problem in problems],
        )


class CasesRefused(Refusal):
    """Cases have problems: each names its line, or where it stands in the body."""

    status_code = 422
    code = CasesInvalid.code

    def __init__(self, error: CasesInvalid, *, at: str = "") -> None:
        problems = [_case_problem(told, at) for told in error.problems]
        first = problems[0]["message"]
        more = f" There are {len(problems)} problems." if len(problems) > 1 else ""
        super().__init__(f"No set was made. {first}{more}", problems=problems)


class CursorInvalid(Refusal):
    """The cursor did not come from this list."""

    status_code = 400
    code = "cursor_invalid"

    def __init__(self) -> None:
        super().__init__(
            "The cursor is not one of this list. Pass next_cursor as it was given, or "
            "leave it out to begin at the start."
        )


class IdempotencyKeyInvalid(Refusal):
    """The header Idempotency-Key holds something else than a key."""

    status_code = 400
    code = "idempotency_key_invalid"

    def __init__(self) -> None:
        super().__init__(
            "The header Idempotency-Key does not hold a key. Send 1 to 200 visible "
            "ASCII characters without spaces, such as a UUID."
        )


class IdempotencyKeyMissing(Refusal):
    """A request that must be safe to repeat came without a key."""

    status_code = 400
    code = "idempotency_key_missing"

    def __init__(self) -> None:
        super().__init__(
            "This needs the header Idempotency-Key. Send a new UUID, and the same one "
            "when you repeat the request."
        )


class LengthMissing(Refusal):
    """A body in chunks, of which REST framework would see nothing."""

    status_code = 411
    code = "length_required"

    def __init__(self) -> None:
        super().__init__(
            "The body came in chunks without its length. Send it with Content-Length."
        )


class OriginRefused(Refusal):
    """What should be allowed is no origin, not a public one, or allowed already."""

    def __init__(self, error: OriginInvalid | OriginKnown) -> None:
        self.code = error.code
        self.status_code = 409 if isinstance(error, OriginKnown) else 422
        super().__init__(str(error))


class PermissionMissing(Refusal):
    """The principal may not do this, in whichever workspace."""

    status_code = 403
    code = "permission_missing"

    def __init__(self, principal: Principal, permission: Permission) -> None:
        scopes = principal.scopes
        held = f"the role {principal.role}"
        if scopes is not None:
            held += f" with the scopes {' '.join(sorted(scopes))}"
        super().__init__(
            f"This needs the permission {permission}, which {held} does not give. "
            "Use another token, or ask an owner of the workspace.",
            permission=permission.value,
        )


class SlugTaken(Refusal):
    """The workspace has a flow of that name already."""

    status_code = 409
    code = "flow_exists"

    def __init__(self, slug: str) -> None:
        super().__init__(
            f"There is a flow '{slug}' already. Choose another slug, or save its draft "
            f"with PUT /api/v1/flows/{slug}.",
            flow=slug,
        )


class WorkspaceOutOfReach(Refusal):
    """Whoever asks is no member of the workspace that they named."""

    status_code = 422
    code = "workspace_out_of_reach"

    def __init__(self, slug: str) -> None:
        super().__init__(
            f"You are a member of no open workspace '{slug}'. Grants are given by a "
            "person who is a member of both workspaces."
        )


def _case_problem(told: str, at: str) -> dict[str, Any]:
    """What was told as `line N: sentence`; a case of a body is a line of its own."""
    place, _, message = told.partition(": ")
    number = place.removeprefix("line ")
    if not number.isdecimal():
        return {"code": CasesInvalid.code, "message": told, "pointer": at}
    if at:
        pointer = f"{at}/{int(number) - 1}"
        said = {"message": f"{pointer}: {message}", "pointer": pointer}
        return {"code": CasesInvalid.code, **said}
    return {
        "code": CasesInvalid.code,
        "message": told,
        "pointer": "",
        "line": int(number),
    }
