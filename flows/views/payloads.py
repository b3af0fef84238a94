"""Values of a run as a page shows them; what was erased or damaged says so."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from flows.selectors import Payloads
from flows.views.json_text import JsonText
from orchestrator_site.ledger.api import PayloadBroken

Cell = bytes | memoryview | None
UNREADABLE = _("This value was erased or damaged. Verify the audit log of the run.")


class ShownPayloads:
    """The payload cells of one run, their blobs read at once."""

    def __init__(self, run_id: UUID, cells: Iterable[Cell]) -> None:
        self._payloads = Payloads(run_id, cells)

    def value(self, cell: Cell) -> JsonText:
        """The value as marked text."""
        return JsonText(self._read(cell))

    def error(self, cell: Cell) -> Mapping[str, Any]:
        """The error in a cell: `code`, `message`, and `node_id` where there is one."""
        error = self._read(cell)
        if isinstance(error, dict) and {"code", "message"} <= error.keys():
            return error
        return {"code": "payload_unreadable", "message": UNREADABLE}

    def _read(self, cell: Cell) -> Any:  # noqa: ANN401  any JSON value
        try:
            return self._payloads.value(cell)
        except (PayloadBroken, KeyError):
            return str(UNREADABLE)
