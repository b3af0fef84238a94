import pytest

from orchestrator_site.accounts.models.role_field import ROLE_CHOICES
from orchestrator_site.accounts.roles import (
    ROLE_PERMISSIONS,
    SCOPE_PERMISSIONS,
    Permission,
    Role,
    Scope,
    permissions_of,
)


def roles_that_may(permission):
    return {role for role in Role if permission in permissions_of(role)}


def test_every_role_has_its_row_and_its_label():
    assert set(ROLE_PERMISSIONS) == set(Role)
    assert [value for value, _ in ROLE_CHOICES] == [role.value for role in Role]


def test_every_scope_has_its_row():
    assert set(SCOPE_PERMISSIONS) == set(Scope)


def test_all_scopes_together_cover_every_permission():
    assert permissions_of(Role.OWNER, Scope) == frozenset(Permission)


@pytest.mark.parametrize(
    ("permission", "roles"),
    [
        # who edits does not put into service, and the other way round
        (Permission.FLOW_EDIT, {"owner", "admin", "builder"}),
        (Permission.FLOW_PUBLISH, {"owner", "admin", "publisher"}),
        (Permission.MODEL_REGISTER, {"owner", "admin", "builder"}),
        (Permission.MODEL_MOVE_ALIAS, {"owner", "admin", "publisher"}),
        (Permission.MODEL_APPROVE, {"owner", "admin", "publisher"}),
        (Permission.MODEL_SHARE, {"owner", "admin"}),
        (Permission.FLOW_SHARE, {"owner", "admin"}),
        (Permission.CREDENTIAL_VIEW, {"owner", "admin", "builder", "auditor"}),
        (Permission.CREDENTIAL_MANAGE, {"owner", "admin"}),
        (Permission.APPROVAL_DECIDE, {"owner", "admin", "reviewer"}),
        (Permission.AUDIT_VIEW, {"owner", "admin", "auditor"}),
        (Permission.AUDIT_VERIFY, {"owner", "admin", "auditor"}),
        (Permission.RUN_START, {"owner", "admin", "builder", "publisher", "service"}),
        (Permission.MEMBER_MANAGE, {"owner", "admin"}),
        (Permission.EGRESS_MANAGE, {"owner", "admin"}),
        (
            Permission.EGRESS_VIEW,
            {"owner", "admin", "builder", "publisher", "auditor"},
        ),
        (Permission.WORKSPACE_OPERATE, {"owner", "admin"}),
        (Permission.WORKSPACE_MANAGE, {"owner"}),
    ],
)
def test_permission_belongs_to_these_roles(permission, roles):
    assert roles_that_may(permission) == roles


def test_auditor_and_viewer_change_nothing():
    reading = {p for p in Permission if p.endswith(".view")} | {Permission.AUDIT_VERIFY}
    assert permissions_of(Role.AUDITOR) == reading
    assert permissions_of(Role.VIEWER) < reading


def test_scope_narrows_a_role_and_never_widens_it():
    assert permissions_of(Role.VIEWER, [Scope.WRITE, Scope.ADMIN]) == frozenset()
    assert permissions_of(Role.OWNER, [Scope.DECIDE]) == {
        Permission.APPROVAL_VIEW,
        Permission.APPROVAL_DECIDE,
    }
    assert permissions_of(Role.OWNER, []) == frozenset()
