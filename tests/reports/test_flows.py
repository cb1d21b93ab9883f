"""Items between stages are those of the log, and none is lost on the way."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest

from labelcast.reports import style
from labelcast.reports.lead.flow_figure import draw_flow, flow_words
from labelcast.reports.lead.flows import Flow, flow_of
from labelcast.scenarios.load import load
from labelcast.sim.line import Line, Relabel
from labelcast.sim.log import Log
from labelcast.sim.replication import Job, One, one

EXAMPLES = Path(__file__).parents[2] / "examples"
WALKED = ("item", "stage", "round", "rollbacks", "replica", "outcome")
LINES = ("quality", "prelabel", "crowd", "changes")


@pytest.fixture(scope="module", params=LINES)
def ran(request: pytest.FixtureRequest) -> tuple[str, One, Log]:
    """One replication of an example."""
    found = one(Job(load(EXAMPLES / f"{request.param}.yaml"), 1, "fast", keep_log=True), 0)
    assert found.log is not None
    return request.param, found, found.log


def test_what_comes_to_a_stage_leaves_it(ran: tuple[str, One, Log]) -> None:
    """At each stage as many items go out as come in, in all and over the whole line."""
    flow = flow_of(ran[2])
    for stage in flow.stages:
        assert flow.into(stage) == flow.out_of(stage) > 0
    ends = sum(flow.into(node) for node in (flow.delivered, flow.dropped, flow.still_there))
    assert flow.out_of(0) == ends - flow.out_of(flow.delivered)


def test_ends_are_those_of_the_kpis(ran: tuple[str, One, Log]) -> None:
    """What comes in, is delivered, dropped, open and recalled are the KPIs of items."""
    _, found, log = ran
    flow, kpis = flow_of(log), found.kpis
    assert flow.out_of(0) == kpis["items_arrived"]
    assert flow.into(flow.delivered) - flow.out_of(flow.delivered) == kpis["items_delivered"]
    assert flow.into(flow.dropped) == kpis["items_dropped"]
    assert flow.into(flow.still_there) == kpis["items_open"]
    assert flow.out_of(flow.delivered) >= kpis["items_relabelled"]


def test_what_goes_back_was_rejected(ran: tuple[str, One, Log]) -> None:
    """From a review to the stage before it, or on where no round is left, go as many as its tasks rejected."""
    name, _, log = ran
    flow = flow_of(log)
    if "review" not in flow.names:
        pytest.skip("nobody reviews")
    tasks = log.tasks[log.tasks["stage"] == "review"]
    review, annotate = flow.names.index("review"), flow.names.index("annotate")
    rejected = int((tasks["outcome"] == "rejected").sum())
    back = flow.back[review, annotate]
    if name == "quality":  # after one round it is decided
        back += flow.links[review, flow.names.index("adjudicate"), True]
        assert back == rejected
    else:  # after the last it is delivered
        assert rejected - 22 <= back <= rejected
    unjudged = flow.links.get((review, flow.still_there, False), 0)
    assert flow.into(review) == int(tasks["outcome"].isin(["accepted", "rejected"]).sum()) + unjudged


def test_visits_are_results(ran: tuple[str, One, Log]) -> None:
    """At a stage with one label an item, an item comes as often as it is done there."""
    name, _, log = ran
    stages = {"prelabel": ("clean", "prelabel", "annotate"), "changes": ("annotate",), "queues": ("annotate",)}
    flow = flow_of(log)
    for stage in stages.get(name, ()):
        done = int(((log.tasks["stage"] == stage) & (log.tasks["outcome"] == "done")).sum())
        assert flow.into(flow.names.index(stage)) == done


def test_links_are_the_ways_of_items_walked_one_by_one(ran: tuple[str, One, Log]) -> None:
    """Where no lots are inspected: the ways of 500 items, walked row by row, are the links of a log of these items."""
    name, _, log = ran
    if name == "quality":
        return
    few = log.items[(log.items["gold"].fillna(False) == False) | log.items["delivered_at"].notna()].iloc[-500:]  # noqa: E712
    tasks = log.tasks[log.tasks["item"].isin(few["item"])].sort_values(["item", "enqueued_at"], kind="stable")
    flow = flow_of(replace(log, items=few.reset_index(drop=True), tasks=tasks.reset_index(drop=True)))
    links: Counter[tuple[str, str]] = Counter()
    delivered = few.set_index("item")["delivered_at"].notna()
    by_item: dict[int, list[Any]] = {}
    plain = pd.DataFrame({name: tasks[name].astype(object).tolist() for name in WALKED})
    for row in plain.itertuples():
        by_item.setdefault(row.item, []).append(row)
    for item, rows in by_item.items():
        way, done, seen, rolled = ["come in"], set(), set(), 0
        for row in rows:
            if row.rollbacks > rolled:
                way, rolled = [*way, "delivered"], row.rollbacks
            task = (row.stage, row.round, row.rollbacks, row.replica)
            if task[:3] not in seen or task in done:
                way.append(row.stage)
                done.discard(task)
            seen.add(task[:3])
            if row.outcome in ("done", "accepted", "rejected"):
                done.add(task)
        way.append("delivered" if delivered[item] else "still there")
        links.update(pairwise(way))
    for (start, to), many in links.items():
        found = sum(
            flow.links.get((flow.names.index(start), flow.names.index(to), again), 0) for again in (False, True)
        )
        assert found == many, (start, to)
    assert sum(links.values()) == sum(flow.links.values())


def test_a_lot_passes_its_inspection_whole(ran: tuple[str, One, Log]) -> None:
    """Items of lots pass the inspection though few are looked at; what it sends back counts as from there."""
    name, _, log = ran
    if name != "quality":
        return
    flow = flow_of(log)
    inspect = flow.names.index("inspect")
    assert flow.into(inspect) > 8 * int((log.tasks["stage"] == "inspect").sum())
    assert flow.links[inspect, flow.names.index("annotate"), True] > log.items["refused_lot"].notna().sum()
    assert not any(start == flow.names.index("annotate") and to == flow.delivered for start, to, _ in flow.links)


def test_a_rollback_recalls_what_is_delivered(make_line: Callable[..., Line]) -> None:
    """All of what is delivered by the second day goes back at its end, and is delivered again."""
    line = replace(make_line(backlog=240), relabels=(Relabel(36 * 3_600.0, "annotate"),))
    log = one(Job(line, 1, "fast", keep_log=True), 0).log
    assert log is not None
    flow = flow_of(log)
    recalled = flow.links[flow.delivered, 1, True]
    assert recalled == int((log.tasks.groupby("item")["rollbacks"].max() > 0).sum()) > 0
    assert flow.into(flow.delivered) == 240 + recalled


@pytest.fixture
def loops() -> Flow:
    """A line whose every name tries to break out, with loops of every kind."""
    names = ("come in", "<b>a</b> $_$", '"b"</text><img src=x>', "c" * 60, "delivered", "dropped", "still there")
    links = {
        (0, 1, False): 1_000, (1, 1, True): 30, (1, 2, False): 900, (1, 3, False): 100, (2, 1, True): 120,
        (1, 2, True): 120, (2, 3, False): 850, (2, 5, False): 50, (3, 4, False): 940, (3, 6, False): 10,
        (4, 1, True): 5, (1, 3, True): 5, (3, 4, True): 5,
    }  # fmt: skip
    return Flow(names, links, questions=7)


@pytest.mark.parametrize("width", [style.WIDE, style.NARROW])
def test_loops_are_drawn_inside_the_figure(loops: Flow, width: int) -> None:
    """Equal bytes for equal flows; all bands and texts stay inside; no name is markup."""
    svg = style.svg(draw_flow(loops, width))
    assert svg == style.svg(draw_flow(loops, width))
    root = ElementTree.fromstring(svg.encode())
    assert "<img" not in svg
    _, _, right, bottom = (float(number) for number in root.attrib["viewBox"].split())
    for element in root.iter("{http://www.w3.org/2000/svg}path"):
        numbers = [float(one) for one in re.findall(r"-?\d+(?:\.\d+)?", element.attrib["d"])]
        assert all(-1 <= x <= right + 1 for x in numbers[::2])
        assert all(-1 <= y <= bottom + 1 for y in numbers[1::2])


def test_bands_are_as_wide_as_their_items_are_many(loops: Flow) -> None:
    """Of 1,000 and 120 items the bands at their stage are 1,000 to 120 pixels wide, but for what is too thin to see."""
    from labelcast.reports.lead.flow_figure import _drawn, _Places

    place = _Places.of(loops, _drawn(loops), style.WIDE)
    come, back = (place.out[link] for link in ((0, 1, False), (2, 1, True)))
    assert (come[1] - come[0]) / (back[1] - back[0]) == pytest.approx(1_000 / 120)
    for spans in (place.out, place.into):
        for link, span in spans.items():
            node = link[0] if spans is place.out else link[1]
            assert span[1] <= place.spans[node][1] + 8
    assert draw_flow(loops).get_size_inches()[0] * style.PIXELS_PER_INCH == style.WIDE


def test_words_tell_every_band(loops: Flow) -> None:
    """What is drawn is read aloud, with what comes again."""
    told = flow_words(loops)
    assert "come in to <b>a</b> $_$: 1,000" in told
    assert ": 1,020, 120 of them again" in told
    assert "7 test questions are not counted" in told


def test_a_line_on_which_nothing_was_done_has_its_flow(make_line: Callable[..., Line]) -> None:
    """Items that nobody took up are still there."""
    log = one(Job(make_line(backlog=30), 1, "fast", keep_log=True), 0).log
    assert log is not None
    items = log.items.assign(delivered_at=log.items["delivered_at"].where(log.items["item"] < 0))
    flow = flow_of(replace(log, items=items, tasks=log.tasks.iloc[:0]))
    assert flow.links == {(0, flow.still_there, False): 30}
    assert draw_flow(flow)
    assert flow_words(flow) == "Items from stage to stage. come in to still there: 30."
