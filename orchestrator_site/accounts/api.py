"""The only module of `accounts` that other apps import."""

from orchestrator_site.accounts.errors import AccountsError
from orchestrator_site.accounts.forms import QuestionForm, ShareForm
from orchestrator_site.accounts.ids import new_id
from orchestrator_site.accounts.models import (
    ApiToken,
    Invite,
    Membership,
    User,
    Workspace,
)
from orchestrator_site.accounts.pages import PageRequest, page
from orchestrator_site.accounts.principal import Principal
from orchestrator_site.accounts.roles import (
    Permission,
    Role,
    Scope,
    roles_giving,
    scopes_giving,
)
from orchestrator_site.accounts.scoping import WorkspaceOwned, WorkspaceQuerySet
from orchestrator_site.accounts.selectors import (
    actor_names,
    find_decider,
    get_user,
    get_workspace,
    workspaces_of,
)
from orchestrator_site.accounts.services.members import (
    add_member,
    change_role,
    deactivate_member,
    reactivate_member,
    remove_member,
)
from orchestrator_site.accounts.services.tokens import (
    TokenHolder,
    authenticate_token,
    create_token,
    revoke_token,
)
from orchestrator_site.accounts.services.users import (
    change_profile,
    create_first_owner,
    create_user,
    reset_password,
)
from orchestrator_site.accounts.services.workspaces import (
    close_workspace,
    create_workspace,
)
from orchestrator_site.accounts.sessions import (
    principal_of_session,
    set_active_workspace,
)
from orchestrator_site.accounts.views.questions import Question, ask

__all__ = [
    "AccountsError",
    "ApiToken",
    "Invite",
    "Membership",
    "PageRequest",
    "Permission",
    "Principal",
    "Question",
    "QuestionForm",
    "Role",
    "Scope",
    "ShareForm",
    "TokenHolder",
    "User",
    "Workspace",
    "WorkspaceOwned",
    "WorkspaceQuerySet",
    "actor_names",
    "add_member",
    "ask",
    "authenticate_token",
    "change_profile",
    "change_role",
    "close_workspace",
    "create_first_owner",
    "create_token",
    "create_user",
    "create_workspace",
    "deactivate_member",
    "find_decider",
    "get_user",
    "get_workspace",
    "new_id",
    "page",
    "principal_of_session",
    "reactivate_member",
    "remove_member",
    "reset_password",
    "revoke_token",
    "roles_giving",
    "scopes_giving",
    "set_active_workspace",
    "workspaces_of",
]
