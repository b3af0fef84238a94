from django.utils.translation import gettext_lazy as _

from orchestrator_site.accounts.roles import Role

ROLE_CHOICES = [
    (Role.OWNER.value, _("Owner")),
    (Role.ADMIN.value, _("Admin")),
    (Role.BUILDER.value, _("Builder")),
    (Role.PUBLISHER.value, _("Publisher")),
    (Role.REVIEWER.value, _("Reviewer")),
    (Role.AUDITOR.value, _("Auditor")),
    (Role.VIEWER.value, _("Viewer")),
    (Role.SERVICE.value, _("Service")),
]
