"""A replayed day is the log's own: every queue, every move; and its page runs nothing but its script."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from labelcast.reports import html
from labelcast.reports.pages import Sheet, page_html
from labelcast.reports.pages.sheet import Section
from labelcast.reports.replay.day import Day, bounds, busiest_day, day_of
from labelcast.reports.replay.moves import moves_of
from labelcast.reports.replay.told import day_data, day_json, day_sentence, dense, hours, sparse
from labelcast.reports.replay.view import replay_fragment, replay_script
from labelcast.scenarios.load import load
from labelcast.sim.log import Log
from labelcast.sim.replication import Job, One, one
from labelcast.sim.tables import NULL, ints

EXAMPLES = Path(__file__).parents[2] / "examples"
DATA = re.compile(r'<script type="application/json">(.*?)</script>', re.DOTALL)


@pytest.fixture(scope="module", params=["quality", "changes"])
def ran(request: pytest.FixtureRequest) -> tuple[One, Log, Day]:
    """One replication of an example and its busiest day."""
    found = one(Job(load(EXAMPLES / f"{request.param}.yaml"), 1, "fast", keep_log=True), 0)
    assert found.log is not None
    return found, found.log, day_of(found.log)


def test_queues_at_each_shown_moment_are_those_of_the_rows(ran: tuple[One, Log, Day]) -> None:
    """At every twentieth frame and those at which something happens, as the script reads them: tasks ready and not
    started, started and not finished, and people present, counted row by row."""
    _, log, day = ran
    told = json.loads(day_json(day))
    assert told == day_data(day)
    frames = told["frames"]
    waiting, hand, there = ([dense(flat, frames) for flat in told[name]] for name in ("waiting", "hand", "there"))
    tasks = log.tasks
    ready, started, finished = (ints(tasks[name]) for name in ("ready_at", "started_at", "finished_at"))
    kinds = log.presence["kind"].isin(["working", "session", "overtime"]).to_numpy()
    just = np.flatnonzero(np.isin(day.at_ms, np.concatenate([ready, started, finished])))
    assert len(just), "what happens at the very moment of a frame is in it"
    for frame in sorted({*range(0, frames, 20), frames - 1, *just[:9].tolist()}):
        at = int(day.at_ms[frame])
        for code, stage in enumerate(day.stages):
            mine = (tasks["stage"] == stage).to_numpy()
            unstarted = (started == NULL) | (started > at)
            here = mine & (ready != NULL) & (ready <= at)
            taken = (started == NULL) & (finished != NULL) & (finished <= at)
            assert waiting[code][frame] == (here & unstarted & ~taken).sum()
            begun = mine & (started != NULL) & (started <= at)
            assert hand[code][frame] == (begun & ((finished == NULL) | (finished > at))).sum()
        for code, pool in enumerate(day.pools):
            rows = log.presence[(log.presence["pool"] == pool) & kinds & (log.presence["from"] <= at)]
            assert there[code][frame] == (rows["to"] > at).sum()


def test_every_move_of_the_day_is_in_it_once(ran: tuple[One, Log, Day]) -> None:
    """Moves of all frames sum to those of the log between the midnights, way by way; over all days they are all."""
    _, log, day = ran
    begin, end = bounds(log, day.day)
    moves = moves_of(log)
    mine = moves[(moves["at_ms"] >= begin) & (moves["at_ms"] < end)]
    counted = Counter(zip(mine["start"].tolist(), mine["to"].tolist(), strict=True))
    assert {link: int(many.sum()) for link, many in day.moves.items()} == counted
    frame = len(day.at_ms) // 2
    early = mine[mine["at_ms"] <= day.at_ms[frame]]
    assert day.came(day.delivered)[frame] == (early["to"] == day.delivered).sum()


def test_no_item_is_lost_between_stages(ran: tuple[One, Log, Day]) -> None:
    """Over the whole run as many items leave a stage as come to it but for those still there; all that come in do so
    once; deliveries less recalls are the KPI."""
    found, log, day = ran
    moves = moves_of(log)
    into, out = moves["to"].value_counts(), moves["start"].value_counts()
    assert out[0] == found.kpis["items_arrived"]
    assert into[day.delivered] - out.get(day.delivered, 0) == found.kpis["items_delivered"]
    stay = {node: int(into[node] - out.get(node, 0)) for node in range(1, day.delivered)}
    assert min(stay.values()) >= 0
    assert sum(stay.values()) == found.kpis["items_open"]
    waits = moves[moves["to"] < day.delivered]
    assert waits["at_ms"].is_monotonic_increasing
    assert set(ints(log.items["delivered_at"]).tolist()) - {NULL} <= set(
        moves.loc[moves["to"] == day.delivered, "at_ms"]
    )


def test_the_busiest_day_has_the_most_starts(ran: tuple[One, Log, Day]) -> None:
    """By the calendar of the log's place."""
    _, log, day = ran
    zone, origin = ZoneInfo(log.provenance.timezone), log.provenance.moment.astimezone(ZoneInfo("UTC"))
    starts = [one for one in ints(log.tasks["started_at"]).tolist() if one != NULL]
    days = Counter((origin + timedelta(milliseconds=at)).astimezone(zone).date() for at in starts)
    most = max(days.values())
    assert day.day == busiest_day(log) == min(each for each, many in days.items() if many == most)


def test_a_day_of_23_hours_keeps_its_clock(ran: tuple[One, Log, Day]) -> None:
    """On 28 March 2027 in Paris the clock goes from 01:59 to 03:00; the day ends after 23 hours."""
    _, log, day = ran
    spring = date(2027, 3, 28)
    begin, end = bounds(log, spring)
    assert end - begin == 23 * 3_600_000
    shifted = replace(day, day=spring, at_ms=begin + 60_000 * np.arange(23 * 60 + 1))
    assert [shifted.clock(frame) for frame in (0, 119, 120, 1_380)] == [0, 119, 180, 1_440]
    assert day_data(shifted)["clock"] == [[0, 0], [120, 180]]


def test_sparse_series_come_back() -> None:
    """Any series of whole numbers, with its beginning and its last frame."""
    rng = np.random.default_rng(3)
    for values in (rng.integers(-3, 4, 200) * (rng.random(200) < 0.3), np.zeros(9, np.int64), np.full(7, 5)):
        np.testing.assert_array_equal(dense(sparse(values.astype(np.int64)), len(values)), values)


def test_a_day_without_events_is_refused(ran: tuple[One, Log, Day]) -> None:
    """In words that say which day."""
    with pytest.raises(ValueError, match="nothing happens on 2030-01-01"):
        day_of(ran[1], date(2030, 1, 1))


def test_large_days_stay_small(ran: tuple[One, Log, Day], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a minute a frame would be too much, frames are longer, and hold the same moves."""
    _, log, day = ran
    monkeypatch.setattr("labelcast.reports.replay.day.MOST", 2_000)
    coarse = day_of(log)
    assert coarse.step > day.step
    assert {link: many.sum() for link, many in coarse.moves.items()} == {k: v.sum() for k, v in day.moves.items()}
    assert len(day_json(coarse)) < len(day_json(day)) < 200_000


def test_the_table_tells_each_hour(ran: tuple[One, Log, Day]) -> None:
    """For who cannot watch: the state at every whole hour, and the sum of the day in a sentence."""
    _, _, day = ran
    rows = hours(day)
    assert len(rows) >= (day.clock(len(day.at_ms) - 1) - day.clock(0)) // 60
    frame = next(k for k in range(len(day.at_ms)) if day.clock(k) == 600)
    cells = dict(rows)["10:00"]
    assert cells[0] == f"{day.waiting[0, frame]:,} + {day.in_hand[0, frame]:,}"
    assert cells[-1] == f"{day.came(day.delivered)[frame]:,}"
    assert f"{day.came(day.delivered)[-1]:,} items delivered" in day_sentence(day)


def test_a_page_runs_its_script_and_nothing_else(ran: tuple[One, Log, Day]) -> None:
    """The policy names the hash of exactly what stands in the page; other pages have no script at all; equal bytes."""
    day = ran[2]
    sheet = Sheet("A day", ["street"], ["As it was."], [], sections=[Section("A day as it goes", day=day)])
    page = page_html(sheet)
    assert page == page_html(sheet)
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert script == replay_script()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}';" in policy
    assert "unsafe" not in policy.replace("style-src 'unsafe-inline'", "")
    assert html.policy() == "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    assert not re.search(r"\son\w+=|https?:|//[a-z]", re.sub(r"http://www.w3.org/2000/svg|\s// .*", "", page))
    assert len(page) < 300_000


@pytest.mark.parametrize("script", ["a</ScRiPt>b", "<!-- a", "a\r\nb"])
def test_a_script_that_a_browser_reads_otherwise_is_refused(script: str) -> None:
    """It would end early, or have another hash."""
    with pytest.raises(ValueError, match="must hold neither"):
        html.policy([script])


def test_names_cannot_break_out(ran: tuple[One, Log, Day]) -> None:
    """Of a stage or a pool named like markup neither the data block nor the page takes a tag."""
    day = ran[2]
    bad = "</script><script>alert(1)</script><!--"
    hostile = replace(day, stages=(bad, *day.stages[1:]), pools=(bad, *day.pools[1:]))
    text = str(replay_fragment(hostile, caption="<b>of one run</b>"))
    (data,) = DATA.findall(text)
    assert "<" not in data
    assert json.loads(data)["stages"][0] == json.loads(data)["pools"][0]
    assert json.loads(data)["stages"][0].startswith("</script>")
    assert "<script>" not in text
    assert "<b>" not in text


def test_controls_work_by_keyboard_and_are_named(ran: tuple[One, Log, Day]) -> None:
    """Native button, slider and list, off until the script runs; the state is told to who cannot see it; motion is left
    out for who asks for that; nothing plays by itself."""
    text, script = str(replay_fragment(ran[2])), replay_script()
    for name in ('<button type="button"', '<input type="range"', "<select", 'role="status"', "aria-valuetext"):
        assert name in text
    assert text.count(" disabled") == 3
    assert "prefers-reduced-motion: reduce" in script
    assert script.count("playing = true") == 1
