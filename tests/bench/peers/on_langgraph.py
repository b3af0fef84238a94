"""LangGraph with its PostgreSQL checkpointer, as its documentation sets it up."""

import base64
import os
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from operator import add
from typing import Annotated, TypedDict

from langgraph.checkpoint.postgres import PostgresSaver
from langgraph.graph import END, START, StateGraph
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool

from tests.bench.figures import (
    CALLS,
    FAN,
    NODES,
    PAYLOAD_BYTES,
    RUNS,
    WAIT_S,
    WORKLOADS,
    answer,
    asked,
    play,
    timed,
)

SYSTEM = "LangGraph"
numbers = count()


class State(TypedDict):
    n: int
    data: str
    parts: Annotated[list[int], add]


def chain(saver, step):
    graph = StateGraph(State)
    names = [f"step_{place}" for place in range(NODES)]
    for name in names:
        graph.add_node(name, step)
    for source, target in zip([START, *names], [*names, END], strict=True):
        graph.add_edge(source, target)
    return graph.compile(checkpointer=saver)


def fan(saver):
    graph = StateGraph(State)
    graph.add_node("join", lambda state: {"n": len(state["parts"])})
    names = [f"part_{place}" for place in range(FAN)]
    for name in names:
        graph.add_node(name, lambda state: {"parts": [state["n"]]})
        graph.add_edge(START, name)
    graph.add_edge(names, "join")
    return graph.compile(checkpointer=saver)


def call(saver):
    graph = StateGraph(State)
    graph.add_node("call", lambda state: time.sleep(WAIT_S) or {"n": state["n"]})
    graph.add_edge(START, "call")
    return graph.compile(checkpointer=saver)


def run(graph, **state):
    thread = {"configurable": {"thread_id": str(next(numbers))}, "recursion_limit": 200}
    return graph.invoke(state, thread)


def together(graph, runs, threads):
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda n: run(graph, n=n), range(runs)))


def main() -> None:
    kwargs = {"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row}
    with ConnectionPool(os.environ["DATABASE_URL"], max_size=20, kwargs=kwargs) as pool:
        saver = PostgresSaver(pool)
        saver.setup()
        plain = chain(saver, lambda state: {"n": state["n"] + 1})
        heavy = chain(
            saver, lambda state: {"data": state["data"][1:] + state["data"][0]}
        )
        text = base64.b85encode(os.urandom(PAYLOAD_BYTES)).decode()[:PAYLOAD_BYTES]
        wide, waiting = fan(saver), call(saver)
        work = {
            "W1": lambda: run(plain, n=0),
            "W2": lambda: run(wide, n=1),
            "W3": lambda: together(plain, RUNS, 16),
            "W4": lambda: together(waiting, CALLS, CALLS),
            "W5": lambda: run(heavy, n=0, data=text),
        }
        for what in asked(WORKLOADS):
            answer([play(SYSTEM, what, lambda what=what: timed(work[what]))])


if __name__ == "__main__":
    main()
