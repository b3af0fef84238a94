"""What a page or a mail about an error shows, wherever Baton runs."""

from collections.abc import ItemsView
from types import FrameType
from typing import Any

from django.http import HttpRequest, QueryDict
from django.views.debug import SafeExceptionReporterFilter


class NoValues(SafeExceptionReporterFilter):
    """Tells the types of variables and the names of what was sent, never a value.

    Django hides what it is told to hide, and nothing where DEBUG is on; a credential
    on its way to its store stands in variables that nobody thinks of.
    """

    def is_active(self, request: HttpRequest | None) -> bool:
        """Hide settings and headers everywhere."""
        return True

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        """The names of the fields."""
        sent = QueryDict() if request is None else request.POST
        return dict.fromkeys(sent, self.cleansed_substitute)

    def get_traceback_frame_variables(
        self, request: HttpRequest | None, tb_frame: FrameType
    ) -> ItemsView[str, Any]:
        """The names of the variables and what they are."""
        kinds = {
            name: type(value).__qualname__ for name, value in tb_frame.f_locals.items()
        }
        return kinds.items()
