"""The export that a real Label Studio gave of what made-up people did in it, read back: `make fixtures` records it."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from servers.played import ITEMS, LATE_S, PEOPLE, UNTOUCHED, Answer, answers

from labelcast.calibration.calibrate import calibrate
from labelcast.calibration.readers.recognise import Export, read

HERE = Path(__file__).parent
RECORDED = next(HERE.glob("label_studio_*_export.json"))


@pytest.fixture(scope="module")
def export() -> Export:
    """The recorded export, as the readers have it."""
    return read([RECORDED])


@pytest.fixture(scope="module")
def judged(export: Export) -> list[tuple[Answer, pd.Series]]:
    """What was played, each with the row that it became."""
    rows = export.judgements.sort_values("submitted_at", ignore_index=True)
    assert len(rows) == len(answers())
    return [(one, rows.iloc[number]) for number, one in enumerate(answers())]


def test_it_came_from_the_server_that_is_pinned() -> None:
    """The file's name says the version, and that is the one which `make fixtures` installs; there is one recording."""
    version = RECORDED.name.removeprefix("label_studio_").removesuffix("_export.json")
    assert f"label-studio=={version}" in (HERE / "label_studio.txt").read_text().splitlines()
    assert len([*HERE.glob("*_export.json")]) == 1


def test_it_holds_what_the_traps_are_made_of() -> None:
    """Skips, drafts kept and drafts left, ground truths, a task that was opened again, tasks that nobody did."""
    tasks = json.loads(RECORDED.read_text(encoding="utf-8"))
    made = [one for task in tasks for one in task["annotations"]]
    assert len(tasks) == ITEMS
    assert sum(not task["annotations"] for task in tasks) == UNTOUCHED
    assert sum(len(task["drafts"]) for task in tasks) == 1
    assert len({one["completed_by"] for one in made}) == PEOPLE
    assert sum(one["was_cancelled"] for one in made) == sum(one.label is None for one in answers()) > 2
    assert sum(one["draft_created_at"] is not None for one in made) == sum(one.draft for one in answers()) > 5
    assert sum(one["ground_truth"] for one in made) == sum(one.truth for one in answers()) > 1
    assert sum(one["lead_time"] > 3600 for one in made) == 1


def test_who_said_what_of_which_item(judged: list[tuple[Answer, pd.Series]]) -> None:
    """Workers, items and labels are those that were played, each person being one worker; a skip has no label."""
    workers = {one.person: row["worker"] for one, row in judged}
    items = {one.item: row["item"] for one, row in judged}
    assert len(set(workers.values())) == PEOPLE
    assert len(set(items.values())) == ITEMS - UNTOUCHED
    for one, row in judged:
        assert (row["worker"], row["item"]) == (workers[one.person], items[one.item])
        assert (None if pd.isna(row["label"]) else row["label"]) == one.label
        assert row["outcome"] == ("skipped" if one.label is None else "accepted")


def test_times_are_those_that_passed(judged: list[tuple[Answer, pd.Series]]) -> None:
    """Lead times come back exactly; submits stand as far apart as they were played, within what a server takes to
    answer; where a draft was kept, work starts with it."""
    first_played, first = judged[0]
    made = [one for task in json.loads(RECORDED.read_text(encoding="utf-8")) for one in task["annotations"]]
    drafts = {
        f"{one['project']}-{one['id']}": pd.Timestamp(one["draft_created_at"]).tz_localize(None)
        for one in made
        if one["draft_created_at"] is not None
    }
    for one, row in judged:
        assert row["active_seconds"] == pytest.approx(one.seconds + one.again_s, abs=1e-6)
        apart = (row["submitted_at"] - first["submitted_at"]).total_seconds()
        played = one.begin_s + one.seconds - first_played.begin_s - first_played.seconds
        assert apart == pytest.approx(played, abs=LATE_S)
        assert (row["judgement"] in drafts) is one.draft
        if one.draft:
            assert row["started_at"] == drafts[row["judgement"]].floor("ms")


def test_skips_are_counted_and_the_rest_is_fitted(export: Export) -> None:
    """Every record ends as used or as refused with its reason, and the fit names the format."""
    skipped = sum(one.label is None for one in answers())
    fit = calibrate([RECORDED])
    assert (fit.rows_read, fit.rows_used) == (len(answers()), len(answers()) - skipped)
    assert [(one.rows, "skipped" in one.reason) for one in fit.refused] == [(skipped, True)]
    assert [one.format for one in fit.sources] == ["label-studio"]
    truths = {one.item: one.label for one in answers() if one.truth}
    known = export.judgements[export.judgements["gold"].notna()]
    assert known["item"].nunique() == len(truths)
    assert set(known["gold"]) == set(truths.values())
