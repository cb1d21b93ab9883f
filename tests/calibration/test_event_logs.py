"""Logs as XES and OCEL 2.0: what comes back is the log, and other readers of such files know what is in them."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import anyline
import pytest
from comparison import differences, with_names
from hypothesis import HealthCheck, given, settings
from lines import whole
from rows import CATEGORIES, Rows, item_row, task_row
from twins import run

from labelcast.calibration.events import read_events, write_events
from labelcast.calibration.readers.recognise import read
from labelcast.sim.errors import DataRefused
from labelcast.sim.kpis import kpis
from labelcast.sim.line import Line
from labelcast.sim.log import Log
from labelcast.sim.plan import Plan

ENDINGS = ("log.xes", "log.jsonocel")


@pytest.fixture(scope="module")
def log() -> Log:
    """Of a line with every mechanism at once."""
    return run(Plan.of(whole(30)), 1, 0)


def again(log: Log, path: Path) -> Log:
    """What is read of what was written."""
    write_events(path, log)
    return read_events(path)


@pytest.mark.parametrize("name", ENDINGS)
def test_the_log_comes_back_row_for_row_and_with_it_all_kpis(log: Log, tmp_path: Path, name: str) -> None:
    """With all mechanisms at once: tables, categories with their order, provenance, and so every KPI, to the last bit;
    written again, the same bytes."""
    back = again(log, tmp_path / name)
    assert differences(log, back) == []
    assert all(getattr(log, table).equals(getattr(back, table)) for table in ("items", "tasks", "presence"))
    assert back.provenance == log.provenance
    assert list(map(repr, kpis(back, None).items())) == list(map(repr, kpis(log, None).items()))
    write_events(tmp_path / f"b{name}", back)
    assert (tmp_path / f"b{name}").read_bytes() == (tmp_path / name).read_bytes()


@settings(deadline=None, max_examples=10, derandomize=True, suppress_health_check=[*HealthCheck])
@given(anyline.lines())
def test_any_log_comes_back(tmp_path_factory: pytest.TempPathFactory, line: Line) -> None:
    """Of any small line."""
    log = run(Plan.of(line), 1, 0)
    folder = tmp_path_factory.mktemp("any")
    assert [differences(log, again(log, folder / name)) for name in ENDINGS] == [[], []]


@pytest.mark.parametrize("name", ENDINGS)
def test_names_that_look_like_markup_come_back(log: Log, tmp_path: Path, name: str) -> None:
    """Quotes, angle brackets, ampersands, line ends and other scripts in names of stages, pools and segments."""

    def odd(text: str) -> str:
        return f"<{text}> & \"'\n\t[]{{}} été 注释"

    named = with_names(log, {"segment": odd, "pool": odd, "tier": odd})
    assert differences(named, again(named, tmp_path / name)) == []


@pytest.mark.parametrize("name", ENDINGS)
def test_what_is_not_recorded_stays_so(tmp_path: Path, name: str) -> None:
    """A log of a platform: open tasks, nobody's tasks, no ready moments, unknown truths, moments before the origin."""
    items = [item_row(0, -5, None, 70, "car", "car"), item_row(7, 0, 90, None, None, "truck")]
    items[1]["truth"] = None
    tasks = [
        task_row(0, "annotate", 0, 0, ("team", 3), (-5, 0, 0, 70), 60, "car"),
        task_row(7, "annotate", 0, 0, ("team", None), (0, 0, None, None), None, None, None),
        task_row(7, "annotate", 0, 1, ("team", 1), (0, 0, 5, None), None, None, None),
        task_row(7, "review", 1, 0, (None, None), (10, 10, 10, 20), 10, None, "accepted"),
    ]
    tasks[0]["ready_at"] = tasks[2]["enqueued_at"] = None
    presence = [{"pool": "team", "worker": 3, "from": -5, "to": 100, "kind": "working"}]
    log = Rows(items, tasks, presence, 100, dict(CATEGORIES), replication=None, promises={"review": 30}).log()
    back = again(log, tmp_path / name)
    assert differences(log, back) == []
    assert back.provenance == log.provenance


def moments(log: Log) -> set[tuple[str, str, str, int, int]]:
    """Item, stage, worker, start and end of all work that people finished."""
    tasks = log.tasks[log.tasks["worker"].notna() & log.tasks["finished_at"].notna() & log.tasks["started_at"].notna()]
    return {
        (str(row.item), str(row.stage), f"{row.pool} {row.worker}", int(row.started_at), int(row.finished_at))
        for row in tasks.itertuples()
    }


@pytest.mark.parametrize("name", ENDINGS)
def test_readers_of_such_files_find_the_work(log: Log, tmp_path: Path, name: str) -> None:
    """The readers that know nothing of labelcast find who did what on which item from when to when, all of it, as the
    two standards tell it; none of it is ours alone."""
    write_events(tmp_path / name, log)
    table = read([tmp_path / name]).judgements
    origin = log.provenance.moment
    told = {
        (
            row.item.removeprefix("item "),
            row.stage,
            row.worker,
            round((row.started_at.tz_localize("UTC") - origin).total_seconds() * 1000),
            round((row.submitted_at.tz_localize("UTC") - origin).total_seconds() * 1000),
        )
        for row in table[table["worker"].notna()].itertuples()
    }
    assert len(moments(log)) > 100
    assert told == moments(log)


@pytest.mark.parametrize("name", ENDINGS)
def test_what_was_broken_off_is_no_completed_work(log: Log, tmp_path: Path, name: str) -> None:
    """To other tools: work that came to nothing ended in an abort, a withdrawal or a skip, and all other work is
    complete; what a task is stands in one event of it alone."""
    write_events(tmp_path / name, log)
    table = read([tmp_path / name]).judgements
    people = log.tasks[log.tasks["worker"].notna() & log.tasks["started_at"].notna() & log.tasks["finished_at"].notna()]
    broken = people["outcome"].isin(["returned", "preempted", "expired"])
    assert broken.sum() > 0
    assert (table.loc[table["worker"].notna(), "outcome"] == "returned").sum() == broken.sum()
    text = (tmp_path / name).read_text(encoding="utf-8")
    said = ('key="labelcast:round"', '"name": "labelcast:round",\n"value"')[name != "log.xes"]
    assert text.count(said) == len(log.tasks)


def test_a_moved_moment_is_seen(log: Log, tmp_path: Path) -> None:
    """Planted: a task that began a millisecond later, and one by somebody else."""
    started = log.tasks["started_at"].copy()
    started.iloc[5] += 1
    moved = dataclasses.replace(log, tasks=log.tasks.assign(started_at=started))
    for name in ENDINGS:
        assert differences(log, again(moved, tmp_path / name)) != []


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.xes", '<log xmlns="http://www.xes-standard.org/"><trace/></log>', "not one that labelcast wrote"),
        ("a.xes", "<log><trace>", "or damaged"),
        ("a.xes", "no XML", "or damaged"),
        (
            "a.json",
            '{"objectTypes": [], "eventTypes": [], "objects": [], "events": []}',
            "not one that labelcast wrote",
        ),
        ("a.jsonocel", '{"objects": [', "or damaged"),
        ("a.json", "[1, 2]", "or damaged"),
    ],
)
def test_files_of_others_are_refused(tmp_path: Path, name: str, text: str, told: str) -> None:
    """With the file, and what it lacks."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataRefused, match=told) as refused:
        read_events(path)
    assert str(path) in str(refused.value)


@pytest.mark.parametrize("name", ENDINGS)
def test_files_that_are_cut_off_are_refused(log: Log, tmp_path: Path, name: str) -> None:
    """Wherever they end: no half of a log is taken for one."""
    path = tmp_path / name
    write_events(path, log)
    data = path.read_bytes()
    for share in (0.1, 0.5, 0.9, 0.999):
        path.write_bytes(data[: int(share * len(data))])
        with pytest.raises(DataRefused):
            read_events(path)
