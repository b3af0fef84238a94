"""What `manage.py up` and a larger installation run with."""

from orchestrator_site.settings.base import *  # noqa: F403
