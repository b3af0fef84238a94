"""The page of a run with rounds, items, attempts, waits and parts."""

import pytest
from django.urls import reverse

from flows.models import Run
from flows.views.run_address import RunAddress
from flows.views.run_page import RunPage
from tests.factories.flows import make_flow, make_run
from tests.fixtures.stack import wait_for_end, wait_until

LOOP = "in -> draft -> cond:true -> out, cond:false ~> draft, cond:exhausted -> out2"
DIVIDE = {"a": {"values": {"value": "10 / item"}}}


@pytest.fixture
def start(live_conductor, workspace):
    """Start a run of a drawing in the reader's workspace."""

    def start_run(drawing: str, *, input=None, **keys) -> Run:
        flow = make_flow(drawing, workspace=workspace, **keys)
        return make_run(flow=flow, input=input)

    return start_run


@pytest.fixture
def page_of(browser):
    """What the page of a run shows: `page_of(run, step="draft:2/cond")`."""

    def read(run, **query):
        response = browser.get(reverse("flows:run", args=[run.pk]), query)
        assert response.status_code == 200
        return response.context["page"]

    return read


def labels(page) -> list[str]:
    return [f"{'  ' * row.depth}{row.label}" for row in page.timeline.rows]


def row_of(page, key: str):
    return next(row for row in page.timeline.rows if row.key == key)


def finish_loop(start, rounds: int, at_most: int = 9) -> Run:
    configs = {
        "draft": {"values": {"n": "round"}},
        "cond": {"when": f"steps.draft.n >= {rounds}"},
    }
    return wait_for_end(start(LOOP, configs=configs, rounds=at_most))


def finish_map(start, items: list[int], **config) -> Run:
    configs = {"map": {"items": "input.items", "on_item_error": "keep", **config}}
    return wait_for_end(
        start(
            "in -> map -> out, a -> b",
            parents={"a": "map", "b": "map"},
            configs={**configs, **DIVIDE},
            input={"items": items},
        )
    )


def park(start, drawing: str, **keys) -> Run:
    run = start(drawing, **keys)
    rows = Run.objects.filter(pk=run.pk, status="waiting", owner_id=None)
    wait_until(rows.exists, "a run that waits")
    return run


@pytest.mark.django_db(transaction=True)
def test_a_map_that_begins_while_the_page_is_read_waits_for_the_next_look(
    workspace, request
):
    configs = {"map": {"items": "[1, 2]"}}
    flow = make_flow("in -> map{a} -> out", workspace=workspace, configs=configs)
    run = make_run(flow=flow)
    page = RunPage(run, RunAddress(path=""))
    request.getfixturevalue("live_conductor")
    wait_for_end(run)
    assert (page.states, page.step_count) == ({}, 0)
    later = RunPage(run, RunAddress(path=""))
    assert (later.states["map"].word, later.step_count) == ("2 items", 5)


def test_few_rounds_stand_open_below_their_loop(start, page_of):
    page = page_of(finish_loop(start, rounds=2))
    assert labels(page)[:7] == [
        "Input",
        "Round 1",
        "  Transform",
        "  Condition",
        "Round 2",
        "  Transform",
        "  Condition",
    ]
    assert page.rounds == (2, 9)


def test_of_many_rounds_only_the_last_is_open_until_one_is_asked_for(start, page_of):
    run = finish_loop(start, rounds=5)
    page = page_of(run)
    opened = [row.label for row in page.timeline.rows if row.is_open]
    assert opened == ["Round 5"]
    page = page_of(run, open="draft:2/")
    opened = [row.label for row in page.timeline.rows if row.is_open]
    assert opened == ["Round 2", "Round 5"]


def test_a_node_stands_as_in_its_last_round(start, page_of):
    page = page_of(finish_loop(start, rounds=3))
    node = next(node for node in page.drawing.nodes if node.id == "cond")
    assert (node.state.round, node.address) == (3, "draft:3/cond")
    passages = {edge.label: edge.state for edge in page.drawing.edges}
    assert passages["true"] == "taken"
    assert passages["exhausted"] == "dead"
    assert passages["round 3 of 9"] == "taken"


def test_a_step_in_a_round_leads_to_the_other_rounds(start, page_of):
    detail = page_of(finish_loop(start, rounds=3), step="draft:2/cond").detail
    assert detail.name == "Condition, round 2"
    assert [(way.words, way.is_here) for way in detail.rounds] == [
        ("1", False),
        ("2", True),
        ("3", False),
    ]


def test_items_are_counted_on_the_canvas_and_folded_in_the_list(start, page_of):
    page = page_of(finish_map(start, list(range(40))))
    words = {node.id: node.state.word for node in page.drawing.nodes}
    assert (words["a"], words["b"]) == ("1 of 40 failed", "39 of 40")
    assert words["map"] == "40 items, 1 failed"
    assert [row.key for row in page.timeline.rows] == ["in", "map", "out"]


def test_many_items_come_in_pages(start, page_of):
    run = finish_map(start, list(range(1, 61)))
    first = page_of(run, open="map")
    items = [row.label for row in first.timeline.rows if row.key.endswith("]/")]
    assert (items[0], items[-1]) == ("Item 0", "Item 24")
    page = page_of(run, open="map", **{"from": "map:50"})
    items = [row.label for row in page.timeline.rows if row.key.endswith("]/")]
    assert items == [f"Item {n}" for n in range(50, 60)]
    [links] = [row.links for row in page.timeline.rows if row.links]
    assert [words for words, _url in links] == ["Earlier"]


def test_only_the_items_that_failed_are_shown_when_asked_for(start, page_of, browser):
    run = finish_map(start, [1, 0, 2, 0] + [1] * 30)
    pages = page_of(run, open="map").timeline.rows
    [[*_others, (words, url)]] = [row.links for row in pages if row.links]
    assert words == "Only the 2 failed or open"
    shown = browser.get(url).context["page"]
    items = [row.label for row in shown.timeline.rows if row.key.endswith("]/")]
    assert items == ["Item 1", "Item 3"]


def test_an_item_opens_around_the_step_that_is_selected(start, page_of):
    page = page_of(finish_map(start, list(range(1, 40))), step="map[7]/a")
    assert page.detail.name == "Transform, item 7"
    assert row_of(page, "map[7]/").is_open
    assert row_of(page, "map[7]/a").is_selected


def test_a_body_without_a_chosen_item_says_how_its_items_stand(start, page_of):
    page = page_of(finish_map(start, [1, 0, 2]), step="a")
    assert page.together == "1 of 3 failed"


def test_items_that_are_runs_lead_to_them(start, page_of, browser):
    run = park(
        start,
        "in -> map -> out, wait",
        parents={"wait": "map"},
        configs={"map": {"items": "input.items"}, "wait": {"for_s": "3600"}},
        input={"items": list(range(120))},
    )
    page = page_of(run, step="map[7]", open="map")
    assert row_of(page, "map[7]").is_selected
    [child] = page.detail.children
    assert (child.parent_id, child.parent_address) == (run.pk, "map[7]")
    content = browser.get(reverse("flows:run", args=[child.pk])).content.decode()
    assert f"/runs/{run.pk}/?step=map%5B7%5D" in content
    assert str(child.pk) not in browser.get("/runs/").content.decode()


def test_attempts_stand_in_one_row_and_are_told_apart_beside_it(start, page_of):
    retry = {"attempts": 3, "backoff_s": 0, "on": ["expression_failed"]}
    run = start(
        "in -> a -> out",
        configs={"a": {"values": {"x": "1 / 0"}}},
        more={"a": {"retry": retry}},
    )
    page = page_of(wait_for_end(run), step="a")
    row = row_of(page, "a")
    assert (row.note, len(row.bars)) == ("attempt 3", 3)
    assert [(way.words, way.is_here) for way in page.detail.tries][-1] == ("3", True)
    assert page_of(run, step="a", attempt="1").detail.step.attempt == 1


def test_a_wait_says_for_what_and_until_when(start, page_of, browser):
    run = park(
        start,
        "in -> wait:paid -> out, wait:timeout -> out2",
        configs={
            "wait": {
                "for_s": "3600",
                "events": [{"name": "order.paid", "key": "'o-1'", "port": "paid"}],
            }
        },
    )
    page = page_of(run, step="wait")
    told = dict(page.detail.awaited)
    assert (told["Event"], told["Of"]) == ("order.paid", "o-1")
    assert "Until" in told
    assert page.awaited[0][2] == "order.paid"
    content = browser.get("/runs/").content.decode()
    assert "Waiting for a person" not in content


def test_a_subflow_leads_to_its_run_and_back(start, page_of, browser, workspace):
    inner = make_flow(
        "in -> wait -> out", workspace=workspace, configs={"wait": {"for_s": "3600"}}
    )
    config = {"flow": inner.slug, "version": 1, "input": {}}
    run = park(
        start, "in -> sub -> out", types={"sub": "subflow"}, configs={"sub": config}
    )
    [child] = page_of(run, step="sub").detail.children
    assert child.flow_id == inner.pk
    assert page_of(child).parent.pk == run.pk


def test_a_run_with_everything_needs_few_queries(
    start, browser, django_assert_max_num_queries
):
    run = finish_map(start, [1, 0, 2] * 20)
    url = reverse("flows:run", args=[run.pk])
    for view in ("steps", "events"):
        query = {"view": view, "open": "map", "step": "map[1]/a"}
        with django_assert_max_num_queries(15):
            browser.get(url, query)


@pytest.mark.parametrize(
    "query",
    [
        {"step": "map[99]/a"},
        {"step": "draft:2/ghost"},
        {"from": "map:x"},
        {"from": "junk", "open": "map[", "only": "map", "attempt": "x"},
        {"after": "9" * 40, "view": "events"},
    ],
)
def test_an_address_that_names_nothing_shows_the_run(start, page_of, query):
    page_of(finish_map(start, [1]), **query)


def test_states_for_a_canvas_are_those_of_the_page(start, browser):
    run = finish_loop(start, rounds=2)
    told = browser.get(reverse("flows:run_states", args=[run.pk])).json()
    assert (told["word"], told["is_over"]) == ("Succeeded", True)
    assert told["nodes"]["cond"]["round"] == 2
    assert told["nodes"]["cond"]["says"] == "true"
    assert list(told["rounds"].values()) == ["round 2 of 9"]
    assert sorted(told["edges"].values()) == ["dead", *["taken"] * 4]


def test_states_of_another_workspace_are_not_told(start, browser):
    run = make_run()
    assert browser.get(reverse("flows:run_states", args=[run.pk])).status_code == 404
