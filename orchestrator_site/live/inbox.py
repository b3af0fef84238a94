import asyncio


class Inbox:
    """What one socket has still to be told: per topic the newest id, nothing older.

    So it is never longer than the list of topics that the socket watches, however slow
    the reader. None instead of an id asks for a look at the rows.
    """

    def __init__(self) -> None:
        self._news: dict[str, int | None] = {}
        self._has_news = asyncio.Event()

    def put(self, topic: str, new_id: int | None) -> None:
        """Add news; a wish for a look stays until it is taken."""
        known = self._news.get(topic, new_id)
        self._news[topic] = (
            None if known is None or new_id is None else max(known, new_id)
        )
        self._has_news.set()

    async def take(self) -> dict[str, int | None]:
        """Wait for news and empty the inbox."""
        await self._has_news.wait()
        self._has_news.clear()
        news, self._news = self._news, {}
        return news
