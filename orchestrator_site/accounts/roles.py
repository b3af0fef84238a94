"""Who may do what: one table for roles, one for the scopes of API tokens.

Edit, publish and decide are kept apart: a builder changes flows and registers models
but does not put them into service, a publisher does that but changes nothing, a
reviewer decides. To register includes to describe; to approve, to change what a model
may be used for.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType


class Permission(StrEnum):
    FLOW_VIEW = "flow.view"
    FLOW_EDIT = "flow.edit"
    FLOW_PUBLISH = "flow.publish"
    FLOW_SHARE = "flow.share"
    RUN_VIEW = "run.view"
    RUN_START = "run.start"
    RUN_CANCEL = "run.cancel"
    RUN_STEER = "run.steer"
    RUN_SIGNAL = "run.signal"
    APPROVAL_VIEW = "approval.view"
    APPROVAL_DECIDE = "approval.decide"
    MODEL_VIEW = "model.view"
    MODEL_REGISTER = "model.register"
    MODEL_MOVE_ALIAS = "model.move_alias"
    MODEL_APPROVE = "model.approve"
    MODEL_SHARE = "model.share"
    CREDENTIAL_VIEW = "credential.view"
    CREDENTIAL_MANAGE = "credential.manage"
    AUDIT_VIEW = "audit.view"
    AUDIT_VERIFY = "audit.verify"
    MEMBER_VIEW = "member.view"
    MEMBER_MANAGE = "member.manage"
    TOKEN_VIEW = "token.view"  # noqa: S105
    TOKEN_MANAGE = "token.manage"  # noqa: S105
    EGRESS_VIEW = "egress.view"
    EGRESS_MANAGE = "egress.manage"
    WORKSPACE_OPERATE = "workspace.operate"
    WORKSPACE_MANAGE = "workspace.manage"


class Role(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    BUILDER = "builder"
    PUBLISHER = "publisher"
    REVIEWER = "reviewer"
    AUDITOR = "auditor"
    VIEWER = "viewer"
    SERVICE = "service"


# A service is a program with a token, not somebody who can be invited.
PERSON_ROLES = tuple(role for role in Role if role is not Role.SERVICE)


class Scope(StrEnum):
    READ = "read"
    RUN = "run"
    WRITE = "write"
    DECIDE = "decide"
    ADMIN = "admin"


P = Permission
_ALL = frozenset(Permission)
_WORK = frozenset({P.FLOW_VIEW, P.RUN_VIEW, P.MODEL_VIEW})
_LOOK = _WORK | {P.APPROVAL_VIEW}
_OVERSEE = frozenset(
    {
        P.AUDIT_VIEW,
        P.AUDIT_VERIFY,
        P.MEMBER_VIEW,
        P.TOKEN_VIEW,
        P.EGRESS_VIEW,
        P.CREDENTIAL_VIEW,
    }
)
_RUN = frozenset({P.RUN_START, P.RUN_CANCEL, P.RUN_STEER, P.RUN_SIGNAL})

ROLE_PERMISSIONS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.OWNER: _ALL,
        Role.ADMIN: _ALL - {P.WORKSPACE_MANAGE},
        Role.BUILDER: _LOOK
        | _RUN
        | {P.FLOW_EDIT, P.MODEL_REGISTER, P.EGRESS_VIEW, P.CREDENTIAL_VIEW},
        Role.PUBLISHER: _LOOK
        | _RUN
        | {P.FLOW_PUBLISH, P.MODEL_MOVE_ALIAS, P.MODEL_APPROVE, P.EGRESS_VIEW},
        Role.REVIEWER: _LOOK | {P.APPROVAL_DECIDE},
        Role.AUDITOR: _LOOK | _OVERSEE,
        Role.VIEWER: _LOOK,
        Role.SERVICE: _WORK | _RUN,
    }
)

SCOPE_PERMISSIONS: Mapping[Scope, frozenset[Permission]] = MappingProxyType(
    {
        Scope.READ: _LOOK | _OVERSEE,
        Scope.RUN: _RUN | {P.RUN_VIEW},
        Scope.WRITE: frozenset(
            {
                P.FLOW_EDIT,
                P.FLOW_PUBLISH,
                P.MODEL_REGISTER,
                P.MODEL_MOVE_ALIAS,
                P.MODEL_APPROVE,
            }
        ),
        Scope.DECIDE: frozenset({P.APPROVAL_VIEW, P.APPROVAL_DECIDE}),
        Scope.ADMIN: frozenset(
            {
                P.MEMBER_MANAGE,
                P.TOKEN_MANAGE,
                P.EGRESS_MANAGE,
                P.FLOW_SHARE,
                P.MODEL_SHARE,
                P.CREDENTIAL_MANAGE,
                P.WORKSPACE_OPERATE,
                P.WORKSPACE_MANAGE,
            }
        ),
    }
)


def roles_giving(permission: Permission) -> list[Role]:
    """The roles that allow `permission`, as the table lists them."""
    return [role for role in Role if permission in ROLE_PERMISSIONS[role]]


def scopes_giving(permission: Permission) -> list[Scope]:
    """The scopes of which a token needs one for `permission`."""
    return [scope for scope in Scope if permission in SCOPE_PERMISSIONS[scope]]


def permissions_of(
    role: Role, scopes: Iterable[Scope] | None = None
) -> frozenset[Permission]:
    """What `role` allows, cut down to `scopes` where a token carries them."""
    allowed = ROLE_PERMISSIONS[role]
    if scopes is None:
        return allowed
    return allowed & frozenset().union(*(SCOPE_PERMISSIONS[s] for s in scopes))
