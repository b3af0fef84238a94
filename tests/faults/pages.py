"""Pages that listen to the web process, among them one that hardly reads."""

import asyncio
import json
import socket
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from flows.models import Run
from orchestrator_site.live.api import Announcement, announce_now
from tests.bench.figures import memory_mb
from tests.factories.accounts import make_membership
from tests.factories.flows import make_flow, make_run
from tests.faults.crew import Crew
from tests.faults.web import Web, quantile
from tests.orchestrator_site.live.sockets import log_in

BURST, PACE_S = 10, 0.05
FIRST_ID = 1000
SMALL = 4096


class Figures(NamedTuple):
    """How late pages heard (95 % of the time), and by how much the web process grew."""

    p95_ms: float
    grown_mb: float
    slow_frames: int


class Listener:
    """A page that remembers the newest id of each topic, and how late it heard of it.

    It reads a message every `every_s`.
    """

    def __init__(self, topics: Sequence[str], every_s: float = 0.0) -> None:
        self.topics, self.every_s = topics, every_s
        self.newest: dict[str, int] = {}
        self.late_s: list[float] = []
        self.frames = 0

    def hear(self, frame: str | bytes, sent: dict[tuple[str, int], float]) -> None:
        self.frames += 1
        told = json.loads(frame)
        if told:
            self.newest[told["topic"]] = told["id"]
            at = sent.get((told["topic"], told["id"]))
            if at is not None:
                self.late_s.append(time.monotonic() - at)

    def knows(self, last: dict[str, int]) -> bool:
        return all(self.newest.get(topic) == last[topic] for topic in self.topics)

    def is_ready(self) -> bool:
        return len(self.newest) == len(self.topics)


class Crowd:
    """So many pages that each watch a run, and one that watches all and hardly reads."""

    def __init__(self, workspace_id: UUID, web: Web, cookie: str) -> None:
        self._workspace_id, self._web, self._cookie = workspace_id, web, cookie
        self._sent: dict[tuple[str, int], float] = {}

    async def listen(
        self, topics: Sequence[str], *, pages: int, events: int, slow_s: float
    ) -> Figures:
        everyone = [Listener([topics[n % len(topics)]]) for n in range(pages)]
        slow = Listener(topics, slow_s)
        async with AsyncExitStack() as stack:
            lines = [await self._open(stack, each) for each in everyone]
            tasks = [
                asyncio.create_task(self._read(*each))
                for each in zip(everyone, lines, strict=True)
            ]
            await _until(lambda: all(each.is_ready() for each in everyone))
            tasks.append(asyncio.create_task(self._follow(stack, slow)))
            before = memory_mb(self._web.process.pid)
            last = await self._announce(topics, events)
            await _until(lambda: all(each.knows(last) for each in everyone))
            grown = memory_mb(self._web.process.pid) - before
            slow.every_s = 0.0
            await _until(lambda: slow.knows(last))
            for task in tasks:
                task.cancel()
        late_s = [each for page in everyone for each in page.late_s]
        return Figures(1000 * quantile(late_s, 0.95), grown, slow.frames)

    async def _open(
        self, stack: AsyncExitStack, page: Listener, buffer: int | None = None
    ) -> ClientConnection:
        end = socket.socket()
        if buffer:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        end.connect(("127.0.0.1", self._web.port))
        end.setblocking(False)
        line = await stack.enter_async_context(
            connect(
                f"ws://127.0.0.1:{self._web.port}/ws/live/",
                sock=end,
                origin=self._web.origin,
                additional_headers={"Cookie": self._cookie},
                max_queue=1,
                ping_interval=None,
                open_timeout=30,
            )
        )
        await line.send(json.dumps({"watch": dict.fromkeys(page.topics)}))
        return line

    async def _follow(self, stack: AsyncExitStack, page: Listener) -> None:
        """Read, and come again whenever the line is cut, as our pages do.

        A page that hardly reads does not answer pings in time either.
        """
        while True:
            with suppress(ConnectionClosed):
                await self._read(page, await self._open(stack, page, SMALL))

    async def _read(self, page: Listener, line: ClientConnection) -> None:
        while True:
            page.hear(await line.recv(), self._sent)
            await asyncio.sleep(page.every_s)  # how slowly it reads

    async def _announce(self, topics: Sequence[str], events: int) -> dict[str, int]:
        """Announce one topic after the other, and return the last id of each.

        Before its last round the runs have come as far, for whoever comes then.
        """
        last_round = range(events - len(topics), events)
        last = {
            topics[number % len(topics)]: FIRST_ID + number for number in last_round
        }
        for number in range(events):
            if number == last_round.start:
                await asyncio.to_thread(_bring_to, last)
            topic, new_id = topics[number % len(topics)], FIRST_ID + number
            self._sent[topic, new_id] = time.monotonic()
            announce_now([Announcement(self._workspace_id, topic, new_id)])
            if number % BURST == 0:
                await asyncio.sleep(PACE_S)  # the pace of what happens
        return last


def _bring_to(newest: dict[str, int]) -> None:
    for topic, seq in newest.items():
        Run.objects.filter(pk=topic.removeprefix("run:")).update(seq=seq)
    connection.close()


async def _until(condition) -> None:
    async with asyncio.timeout(120):
        while not condition():
            await asyncio.sleep(0.01)  # between two looks


def read_slowly(
    crew: Crew, *, pages: int, events: int, topics: int, slow_s: float
) -> Figures:
    """One page reads a message now and then; all others hear at once of everything.

    In the end the slow one is told what is newest, and not all that was before.
    """
    member = make_membership()
    flow = make_flow(workspace=member.workspace)
    runs = [f"run:{make_run(flow=flow).pk}" for _ in range(topics)]
    web = Web(crew)
    crowd = Crowd(member.workspace_id, web, f"sessionid={log_in(member.user)}")
    return asyncio.run(crowd.listen(runs, pages=pages, events=events, slow_s=slow_s))
