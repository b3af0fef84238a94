"""For work on Baton itself: errors with their trace in the browser."""

from orchestrator_site.settings.base import *  # noqa: F403

DEBUG = True
