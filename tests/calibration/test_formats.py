"""Every layout on a generated export: the right table, or a message that names file and row."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from layouts import LAYOUTS

from labelcast.calibration import profile
from labelcast.calibration.calibrate import calibrate
from labelcast.calibration.readers.careful import careful
from labelcast.calibration.readers.delimited import delimited
from labelcast.calibration.readers.recognise import read
from labelcast.sim.errors import DataRefused
from labelcast.sim.laws import check


def saved(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("layout", LAYOUTS)
def test_calibration_ends_with_a_profile(layout: str, tmp_path: Path) -> None:
    """A generated export of each layout is fitted; rows add up, skips are counted, the log is lawful."""
    fit = calibrate([saved(tmp_path / "x", LAYOUTS[layout](600))])
    assert fit.rows_read == fit.rows_used + sum(one.rows for one in fit.refused) == 600
    assert sum(one.rows for one in fit.refused) == 30
    assert fit.sources[0].format == layout
    assert "stages.annotate.time.lognormal.median" in profile.text(fit)
    assert check(fit.log) == []


@pytest.mark.parametrize("layout", LAYOUTS)
def test_cut_anywhere(layout: str, tmp_path: Path) -> None:
    """A file cut at any byte is a table of whole rows or a refusal that names it, and in JSON the record."""
    data = LAYOUTS[layout](12).encode()
    path = tmp_path / "x"
    for at in range(0, len(data), 7):
        path.write_bytes(data[:at])
        rows, told = tried(path)
        assert rows <= 12
        assert rows or told.startswith("x: ")
        assert rows or layout != "label-studio" or at < 2 or "record" in told


def tried(path: Path) -> tuple[int, str]:
    """(rows read, what was refused)."""
    try:
        return len(read([path]).judgements), ""
    except DataRefused as refused:
        return 0, refused.problems[0]


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2\n3,4", 'a,b\n"1","2"\n', 'a,b\n"1 ""x"", y","z\nz"\n', "a,b\r\n1,\r\n,2\r\n", 'a,a,b\n1,2,3\n',
        ' a ,"b"\n 1 , 2\n', "a,b\n1,é\n", 'a,b\n"",""\n"""",x\n',
    ],
)  # fmt: skip
def test_the_quick_way_is_the_careful_way(text: str) -> None:
    """Of sound text the quick reader makes the same sheet as the careful one, to the last sign."""
    quick, slow = delimited(text.encode(), "x", ""), careful(text, "x", "", ",")
    pd.testing.assert_frame_equal(quick.columns, slow.columns)
    assert (quick.header, quick.repeated, quick.row.tolist()) == (slow.header, slow.repeated, slow.row.tolist())


@pytest.mark.parametrize(
    "text", ['a,b\n"1"x,2\n', "a,b\n1,2\n\n3,4\n", "a,b\n1\n2,3\n", 'a,b\n1,x"y\n', '"a\nc",b\n1,2\n']
)
def test_what_is_not_sound_is_read_with_care(text: str) -> None:
    """A quote out of place, a blank line, a short row, a line end in the header: all as the careful reader has it."""

    def outcome(how: object) -> object:
        try:
            sheet = how()  # type: ignore[operator]
        except DataRefused as refused:
            return refused.problems
        return sheet.header, sheet.columns.to_numpy().tolist(), sheet.row.tolist(), sheet.ragged.tolist()

    assert outcome(lambda: delimited(text.encode(), "x", "")) == outcome(lambda: careful(text, "x", "", ","))


def test_reviews_and_truths_of_label_studio(tmp_path: Path) -> None:
    """A rejected label does not count, one that was fixed keeps its time only, a ground truth is what others are held
    against; worked out by hand."""
    tasks = json.loads(LAYOUTS["label-studio"](9))
    one, two, three = tasks[0]["annotations"]
    one["ground_truth"] = True
    two["reviews"] = [{"created_by": {"id": 9}, "accepted": False, "created_at": "2026-01-06T00:00:00Z"}]
    three["reviews"] = [{"created_by": 9, "accepted": True, "fixed_annotation_history": 5}]
    found = read([saved(tmp_path / "x", json.dumps(tasks))]).judgements.head(3)
    assert found["outcome"].tolist() == ["accepted", "rejected", "fixed"]
    assert found["reviewer"].fillna("").tolist() == ["", "9", "9"]
    assert found["reviewed_at"].notna().tolist() == [False, True, False]
    assert found["golden"].tolist() == [False, True, True]
    assert found["correct"].fillna(False).tolist()[1:] == [found["label"][0] == one for one in found["label"][1:]]


def test_a_map_says_which_columns_are_what(tmp_path: Path) -> None:
    """Names that say nothing are refused with a way out; with a map, the zone and the words of the file are ours."""
    text = "thing,who,a,b,how\n1,ann,2026-01-05 10:00:00,2026-01-05 10:00:30,fine\n"
    text += "1,bob,2026-07-05 10:00:00,2026-07-05 10:00:30,left\n"
    with pytest.raises(DataRefused, match="labelcast map FILE"):
        read([saved(tmp_path / "x.csv", text)])
    columns = "columns: {item: thing, worker: who, started_at: a, submitted_at: b, outcome: how}\n"
    from labelcast.calibration.readers.mapping import read_map
    from labelcast.calibration.readers.names import NAMES

    rest = "outcomes: {fine: accepted, left: returned}\ntimezone: Europe/Paris\n"
    by = read_map(saved(tmp_path / "m.yaml", columns + rest), [*NAMES])
    found = read([tmp_path / "x.csv"], by=by).judgements
    assert found["started_at"].dt.hour.tolist() == [9, 8]
    assert found["outcome"].tolist() == ["accepted", "returned"]
    for bad, message in {
        "columns: {itm: thing}\n": "Did you mean 'item'",
        "columns: {item: [1]}\n": "one name of a column",
        "colums: 1\n": "a map has a block `columns:`",
        columns + "timezone: Mars\n": "no time zone is named 'Mars'",
        columns + "outcomes: {a: b}\n": "write the file's word and ours",
        "a: [": "it is no YAML",
    }.items():
        with pytest.raises(DataRefused, match=message):
            read_map(saved(tmp_path / "m.yaml", bad), [*NAMES])


def test_a_proposed_map_reads_what_it_was_made_for(tmp_path: Path) -> None:
    """The proposal of a table, given back, makes the table that no map makes."""
    from labelcast.calibration.readers.mapping import read_map
    from labelcast.calibration.readers.names import NAMES
    from labelcast.calibration.readers.proposal import proposal

    path = saved(tmp_path / "x.csv", LAYOUTS["plain"](60))
    by = read_map(saved(tmp_path / "m.yaml", proposal(path)), [*NAMES])
    pd.testing.assert_frame_equal(read([path], by=by).judgements, read([path]).judgements)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"id": 1, "fields": {}, "responses": []}', "Argilla records: their responses have no time"),
        ('[{"id": 1, "annotation_id": 2, "annotator": 3}]', "JSON_MIN: .*Export as JSON"),
        ("id,annotation_id,annotator,lead_time\n1,2,3,4\n", "Label Studio CSV: .*Export as JSON"),
        ("timestamp,dataset_slug,actor_id,time_per_item\n1,2,3,4\n", "V7 report: its rows are sums"),
        ("<?xml version='1.0'?>\n<annotations><version>1.1</version></annotations>", "CVAT's annotation XML"),
        ('{"text": "a", "label": []}\n', "Doccano JSONL: it has neither worker nor time"),
        ('{"ocel:events": {}, "ocel:objects": {}}', "OCEL 1.0 log: .* Convert it"),
        (
            '{"source-ref": "s3://a", "kind": 1, "kind-metadata": {}}',
            "output manifest: it has neither workers nor times",
        ),
        ('{"task_id": "a", "type": "box", "params": {}, "response": {}}', "Scale task: it has neither annotator"),
        ('{"task_id": "a", "project": "b", "threads": []}', "Scale task .v2.: it has neither annotator"),
        ('{"dataUnitId": 1, "sessionId": 2, "action": "x", "actionCategory": "task"}', "Encord .*neither worker"),
        ("DataRow ID,Labeled Data,Created By,Seconds to Label\n1,2,3,4\n", "Labelbox export v1: .* NDJSON"),
        ("SQLite format 3\0\1", "an SQLite database: export it as JSON or CSV"),
        ('{"answers": {"a": "cat"}, "submitter_ids_by_step": {"Step A": 1}}', "Sama delivery: .* no time of a step"),
    ],
)
def test_exports_that_are_known_and_not_read_are_named(text: str, words: str, tmp_path: Path) -> None:
    """What is missing, and what to take instead."""
    with pytest.raises(DataRefused, match=words):
        read([saved(tmp_path / "x", text)])
