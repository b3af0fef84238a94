from orchestrator_site.accounts.models.api_token import ApiToken
from orchestrator_site.accounts.models.invite import Invite
from orchestrator_site.accounts.models.membership import Membership
from orchestrator_site.accounts.models.user import Theme, User
from orchestrator_site.accounts.models.workspace import Workspace

__all__ = ["ApiToken", "Invite", "Membership", "Theme", "User", "Workspace"]
