"""Times as JSON has them."""

from datetime import datetime


def moment_text(moment: datetime | None) -> str | None:
    """The moment as ISO 8601 text; None for none."""
    return moment.isoformat() if moment else None
