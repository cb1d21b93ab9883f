"""The page of a line with every mechanism, as the engine ran it."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from html import unescape

import numpy as np
import pytest
from lines import WEEK, whole

from labelcast.reports import floor, segments, windows
from labelcast.reports.cells import Row, Table
from labelcast.reports.page import report
from labelcast.reports.reading import Reading, read
from labelcast.reports.tables import comparison_text, run_text
from labelcast.scenarios.compare import compare
from labelcast.sim.line import Contract, Epoch, Line, OneOff, Tier, Window
from labelcast.sim.replicate import Runs, replicate

DAY = 86_400.0

PAY = {
    "team": Contract(hourly=31_000_000),
    "crowd": Contract(per_label=(Tier(100, 60_000), Tier(None, 50_000))),
    "judges": Contract(hourly=40_000_000),
}


def paid(name: str, currency: str = "EUR") -> Line:
    """Every mechanism, with contracts, a cost that falls due once, and windows that are early, tight and never met."""
    line = whole(40, name=name, currency=currency, horizon_s=4 * WEEK)

    def contracted(epoch: Line | Epoch) -> tuple[object, ...]:
        assert epoch.pools is not None
        return tuple(replace(pool, contract=PAY[pool.name]) for pool in epoch.pools)

    return replace(
        line,
        pools=contracted(line),
        epochs=tuple(replace(epoch, pools=contracted(epoch)) for epoch in line.epochs),
        one_offs=(OneOff(4 * DAY, 4_000_000_000, "new tool"),),
        windows=(
            Window("pilot", 20 * DAY, 40),
            Window("night model", DAY / 2, 20, "night"),
            Window("never", 20 * DAY, 10_000),
        ),
    )


@pytest.fixture(scope="module")
def runs() -> Runs:
    """Six replications of it."""
    return replicate(paid("programme"), replications=6, processes=1)


@pytest.fixture(scope="module")
def reading(runs: Runs) -> Reading:
    """What the page reads."""
    return read([runs])[0]


@pytest.fixture(scope="module")
def text(runs: Runs) -> str:
    """The words of its page, without figures."""
    page = re.sub(r"<svg.*?</svg>", " ", report([runs], None), flags=re.DOTALL)
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def column(table: Table, name: str) -> dict[str, str]:
    """Texts of a column by row."""
    place = table.columns.index(name)
    return {row.title: row.cells[place].text for row in table.groups[0].rows}


def value(text: str) -> float:
    """A printed number, without its error."""
    return float(text.partition(" ")[0].rstrip("%").replace(",", "").replace("\N{MINUS SIGN}", "-"))


@pytest.mark.parametrize("name", ["items in", "delivered", "dropped", "cost, EUR"])
def test_segments_add_up_to_the_grand_total_as_printed(reading: Reading, name: str) -> None:
    """The rows of a column sum to its last row, digit for digit, and that row is the KPI of the whole line."""
    found = column(segments.segments([reading]), name)
    *parts, total = [text for text in found.values() if text != "–"]
    assert len(parts) >= 2
    assert sum(map(value, parts)) == pytest.approx(value(total), abs=1e-9)
    kpi = {"items in": "items_arrived", "delivered": "items_delivered", "dropped": "items_dropped"}.get(name, "cost")
    assert value(total) == pytest.approx(reading.kpis[kpi].mean, abs=0.5)


def test_items_in_are_delivered_dropped_or_unfinished(reading: Reading) -> None:
    """In each row of the segments, to the rounding of its three numbers; in the runs exactly."""
    table = segments.segments([reading])
    for row in table.groups[0].rows:
        numbers = dict(zip(table.columns, (cell.text for cell in row.cells), strict=True))
        if numbers["items in"] == "–":
            continue
        out = [numbers[name] for name in ("delivered", "dropped", "unfinished") if name in numbers]
        assert sum(map(value, out)) == pytest.approx(value(numbers["items in"]), abs=0.15)
    kpis = reading.runs.kpis
    assert (kpis["items_arrived"] == kpis["items_delivered"] + kpis["items_dropped"] + kpis["items_open"]).all()


def test_the_parts_of_a_wait_add_up_as_printed(reading: Reading) -> None:
    """All five parts have their column, because each occurs, and sum to the wait beside them."""
    table = floor.waits([reading])
    assert table.columns == ("wait", "contention", "off shift", "batching", "consensus", "handoff")
    for row in table.groups[0].rows:
        whole_wait, *parts = (value(cell.text) for cell in row.cells)
        assert sum(parts) == pytest.approx(whole_wait, abs=1e-9), row.title


def test_a_window_shows_its_chance_its_dates_and_its_slack(reading: Reading) -> None:
    """One that is easily met, one that is late in most runs, and one that is never met."""
    rows = {group.title: group.rows[0] for group in windows.windows([reading]).groups}
    assert [cell.text for cell in rows["pilot"].cells[:3]] == ["14 Apr 2027 09:00", "40", "100% (60% to 100%)"]
    ready = np.sort(reading.runs.kpis["ready_days.pilot"].to_numpy())
    assert rows["pilot"].cells[3].why == f"slack {20 - ready[2]:.1f} days"
    assert rows["pilot"].cells[4].why == f"slack {20 - ready[4]:.1f} days"
    late = rows["night model"]
    assert late.cells[1].why == "of night"
    met = (reading.runs.kpis["ready_days.night model"] <= 0.5).mean()
    assert value(late.cells[2].text) == pytest.approx(100 * met, abs=0.5)
    never = rows["never"]
    assert never.cells[2].text == "0% (0% to 40%)"
    assert [cell.text for cell in never.cells[3:]] == ["never"] * 2


def test_a_late_window_has_negative_slack(runs: Runs) -> None:
    """Slack is the date less the day on which the items are ready."""
    late = replace(runs, kpis=runs.kpis.assign(**{"ready_days.pilot": 22.5}))
    row = windows.windows(read([late])).groups[0].rows[0]
    assert row.cells[3].why == "slack −2.5 days"
    assert row.cells[2].text == "0% (0% to 40%)"


def test_crowds_have_people_and_no_time_off(reading: Reading) -> None:
    """Hours off shift mean nothing for who comes and goes; how many came, and how uneven they are, does."""
    table = floor.pools([reading])
    assert column(table, "off, h")["crowd"] == "–"
    assert column(table, "off, h")["team"] != "–"
    assert value(column(table, "people")["crowd"]) == pytest.approx(reading.kpis["people_seen.crowd"].mean, abs=0.06)
    assert "busiest tenth" in table.columns


def test_findings_have_the_columns_that_say_something(reading: Reading) -> None:
    """Judges' shares, lots and what was broken off; a stage without judges has a dash there."""
    table = floor.findings([reading])
    assert {"active, h", "items seen", "rejected", "errors missed", "lots", "broken off"} <= set(table.columns)
    assert column(table, "rejected")["clean"] == "–"
    broken = column(table, "broken off")["annotate"]
    assert value(broken) == pytest.approx(reading.kpis["attempts.annotate"].mean, abs=0.5)


def test_the_page_says_it_all_and_stays_small(runs: Runs, text: str) -> None:
    """Chances of windows, surplus and dropped items, five reasons to wait; under 3 MB; no number that is none."""
    assert len(report([runs], None).encode()) < 3_000_000
    assert re.search(r"Window pilot \(40 items by 14 Apr 2027 09:00\): chance ready 100% \(60% to 100%\)\.", text)
    for words in ("items dropped", "items in", "test questions right", "duplicates dropped", "By segment"):
        assert words in text, words
    assert "handoff: it is on the way between stages" in text
    assert "batching: a batch or a lot is not full yet" in text
    assert "4,000 EUR for new tool" in text
    assert not re.search(r"\b(nan|inf|None)\b", text)


def test_scenarios_side_by_side_keep_their_windows(runs: Runs) -> None:
    """A scenario without a window says so; the terminal shows the same chances."""
    other = replicate(replace(paid("plain"), windows=()), replications=6, processes=1)
    table = windows.windows(read([runs, other]))
    assert [row.title for row in table.groups[0].rows] == ["programme", "plain"]
    assert table.groups[0].rows[1].cells[0].text == "no such window"
    assert "no such window" in report([runs, other], compare([runs, other]))
    assert re.search(
        r"chance ready: pilot +100% \(60% to 100%\) +no such window",
        comparison_text([runs, other], compare([runs, other])),
    )
    assert "window pilot (40 items by 14 Apr 2027 09:00): chance ready 100% (60% to 100%)" in run_text(runs)


def test_yen_have_no_decimals() -> None:
    """A run in a currency without a smaller unit prints no fraction of it but in prices by label."""
    runs = replicate(paid("yen", "JPY"), replications=2, processes=1)
    assert (runs.kpis["cost"] % 1 == 0).all()
    page = report([runs], None)
    words = unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))
    assert "31 JPY per on-shift hour" in words
    assert re.search(r"for [\d,]+ JPY \(95% interval [\d,]+ to [\d,]+\)", words)
    cost = segments.segments(read([runs]))
    assert all(re.fullmatch(r"[\d,]+", text) for text in column(cost, "cost, JPY").values())


def test_one_segment_needs_no_table(runs: Runs) -> None:
    """Where there is one segment its numbers are those of the whole, which stand above."""
    line = replace(runs.line, segments=runs.line.segments[:1])
    assert segments.segments(read([replace(runs, line=line)])).groups == ()


def test_a_total_is_marked(reading: Reading) -> None:
    """The last row is the sum, and only that."""
    rows: tuple[Row, ...] = segments.segments([reading]).groups[0].rows
    assert [row.total for row in rows] == [False, False, False, True]
    assert math.isfinite(value(rows[-1].cells[0].text))
