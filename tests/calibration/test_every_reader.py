"""All readers alike, each on a sample made here: larger, cut, reordered, renamed, doubled and encoded otherwise, a file
is the right table or a message that names it and the place."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from layouts import SAMPLES, jobs, sample

from labelcast.calibration.readers.judgements import COLUMNS
from labelcast.calibration.readers.recognise import Export, read
from labelcast.sim.errors import DataRefused

TABLES = {
    "crowdflower": ",", "mturk": ",", "toloka": "\t", "prolific": ",", "zooniverse": ",", "plain": ",", "cvat": ",",
    "event-log": ",",
}  # fmt: skip
"""Layouts that are tables, with what parts their values."""

WORKER = {
    "crowdflower": "_worker_id", "mturk": "WorkerId", "toloka": "ASSIGNMENT:worker_id", "prolific": "Participant id",
    "zooniverse": "user_name", "plain": "worker", "cvat": "user_id", "event-log": "org:resource",
    "label-studio": "completed_by", "prodigy": "_session_id", "labelbox": "created_by", "sagemaker": "workerId",
    "xes": "org:resource", "ocel": "Worker",
}  # fmt: skip
"""What tells the worker in each layout."""

NO_SKIPS = {"crowdflower", "mturk", "sagemaker"}
"""Layouts in which whoever would skip gives a label."""

UNTOLD = {"zooniverse", "ocel", "cvat"}
"""Layouts that do not tell skips: the first leaves out such rows, the others hold them as any work."""

KEY = ["item", "worker", "submitted_at", "outcome"]
PLACE = re.compile(r"\b(row|record|event|member|line|byte|file) \d|row 1|the file is empty|its beginning|after '")


def saved(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def table(export: Export) -> pd.DataFrame:
    """What must not change, in an order of its own."""
    frame = export.judgements[["item", "worker", "started_at", "submitted_at", "label", "outcome", "stage"]]
    return frame.sort_values(["worker", "submitted_at", "item"], ignore_index=True)


def tried(path: Path) -> tuple[pd.DataFrame | None, str]:
    """(the table, the first message); one of the two."""
    try:
        return table(read([path])), ""
    except DataRefused as refused:
        return None, refused.problems[0]


def inside(layout: str, data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The file changed; of an archive each file in it."""
    if layout != "sagemaker":
        return change(data)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(out, "w") as changed:
        for name in archive.namelist():
            changed.writestr(name, change(archive.read(name)))
    return out.getvalue()


@pytest.mark.parametrize("layout", SAMPLES)
@pytest.mark.parametrize("rows", [12, 1200])
def test_small_and_a_hundred_times_larger(layout: str, rows: int, tmp_path: Path) -> None:
    """Workers, moments and labels are those that were written; every row is in the table or counted."""
    export = read([saved(tmp_path / "x", sample(layout, rows))])
    found = export.judgements
    assert {*found.columns} == {*COLUMNS}
    made = [job for job in jobs(rows) if layout in NO_SKIPS | UNTOLD - {"zooniverse"} or not job.skipped]
    done = found[~found["outcome"].isin(["skipped", "returned"])]
    coarse = "s" if layout in ("prodigy", "crowdflower", "mturk") else "ms"
    wanted = sorted((job.worker.removeprefix("w"), job.end.floor(coarse)) for job in made)
    assert sorted(zip(done["worker"].str.removeprefix("w"), done["submitted_at"], strict=True)) == wanted
    if layout != "prodigy":
        starts = sorted((job.worker.removeprefix("w"), job.begin.floor(coarse)) for job in made)
        assert sorted(zip(done["worker"].str.removeprefix("w"), done["started_at"], strict=True)) == starts
    if layout not in ("prolific", "cvat", "xes", "event-log"):
        assert (done["label"] == "cat").sum() == sum(job.label == "cat" for job in made)
    left = sum(one.rows for one in export.refusals.summary())
    assert len(found) + left == sum(one.rows for one in export.sources)


@pytest.mark.parametrize("layout", SAMPLES)
def test_cut_anywhere(layout: str, tmp_path: Path) -> None:
    """A file cut at any byte is a table of rows that were written, or a message that names it and the place."""
    data = sample(layout, 12)
    path = saved(tmp_path / "x", data)
    whole = {*map(tuple, table(read([path]))[["item", "worker"]].to_numpy())}
    for at in range(0, len(data), max(1, len(data) // 23)):
        found, told = tried(saved(path, data[:at]))
        if found is not None:
            assert {*map(tuple, found[["item", "worker"]].to_numpy())} <= whole
        else:
            assert re.match(r"x(/\S+)?: ", told)
            assert PLACE.search(told) or layout == "sagemaker" or "none of its" in told, told


def reversed_keys(value: Any) -> Any:
    """JSON with the keys of every object in the other order."""
    if isinstance(value, dict):
        return {key: reversed_keys(inner) for key, inner in reversed(value.items())}
    return [reversed_keys(one) for one in value] if isinstance(value, list) else value


def reordered(layout: str, data: bytes) -> bytes:
    """Columns, keys or attributes in the other order."""
    text = data.decode()
    if layout in TABLES:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=TABLES[layout])
        out = io.StringIO()
        csv.writer(out, delimiter=";").writerows(row[::-1] for row in rows)
        return out.getvalue().encode()
    if layout == "xes":

        def turned(found: re.Match[str]) -> str:
            return "<event>" + "".join(
                reversed(re.findall(r"<string[^>]*/>|<string.*?</string>|<date[^>]*/>", found[1]))
            )

        return (re.sub(r"<event>(.*?)(?=</event>)", turned, text)).encode()
    if layout in ("prodigy", "labelbox"):
        return "".join(json.dumps(reversed_keys(json.loads(line))) + "\n" for line in text.splitlines()).encode()
    return json.dumps(reversed_keys(json.loads(text)), indent=1).encode()


@pytest.mark.parametrize("layout", SAMPLES)
def test_order_changes_nothing(layout: str, tmp_path: Path) -> None:
    """Columns, keys of objects and attributes of events may stand in any order."""
    data = sample(layout, 30)
    wanted = table(read([saved(tmp_path / "x", data)]))
    other = inside(layout, data, lambda one: reordered(layout, one))
    assert other != data
    pd.testing.assert_frame_equal(table(read([saved(tmp_path / "x", other)])), wanted)


@pytest.mark.parametrize("layout", SAMPLES)
def test_a_renamed_worker_is_missed(layout: str, tmp_path: Path) -> None:
    """Where what tells the worker has another name, no other column stands in for it: the message names file and place,
    or what is missing."""
    name = WORKER[layout]
    other = inside(layout, sample(layout, 30), lambda one: one.replace(name.encode(), b"zzz"))
    found, told = tried(saved(tmp_path / "x", other))
    if layout == "zooniverse":
        assert "has no column user_name" in told
    assert found is None
    assert re.match(r"x(/\S+)?: ", told)
    assert name in told or "resource" in told or "worker" in told or "record 1" in told, told


@pytest.mark.parametrize("layout", TABLES)
def test_a_column_twice(layout: str, tmp_path: Path) -> None:
    """Of a column that is needed the message asks which is meant; of another the first is read, and a note says so."""
    rows = list(csv.reader(io.StringIO(sample(layout, 12).decode(), newline=""), delimiter=TABLES[layout]))
    where = rows[0].index(WORKER[layout])
    spare = len(rows[0]) - 1 if layout not in ("prolific", "toloka") else rows[0].index(rows[0][-2])
    for place, told in ((where, "more than once"), (spare, "")):
        out = io.StringIO()
        csv.writer(out, delimiter=TABLES[layout]).writerows([*row, row[place]] for row in rows)
        path = saved(tmp_path / "x", out.getvalue().encode())
        if told or (rows[0][place] in ("SubmitTime", "subject_ids", "payload", "ASSIGNMENT:reward", "Reviewed at")):
            with pytest.raises(DataRefused, match=f"{re.escape(rows[0][place])} more than once"):
                read([path])
        else:
            export = read([path])
            assert any(f"the header repeats {rows[0][place]}" in note for note in export.notes)


@pytest.mark.parametrize("layout", SAMPLES)
def test_all_of_it_twice(layout: str, tmp_path: Path) -> None:
    """Records that come twice, in one file or in two, are counted once."""
    data = sample(layout, 30)
    wanted = table(read([saved(tmp_path / "x", data)]))
    pd.testing.assert_frame_equal(table(read([saved(tmp_path / "x", data), saved(tmp_path / "y", data)])), wanted)
    if layout in TABLES:
        head, _, rest = data.partition(b"\n")
        pd.testing.assert_frame_equal(table(read([saved(tmp_path / "x", head + b"\n" + rest + rest)])), wanted)


@pytest.mark.parametrize("layout", SAMPLES)
def test_encodings(layout: str, tmp_path: Path) -> None:
    """UTF-8 and UTF-16 with a byte order mark give the same table; Latin-1 is refused with the place."""
    data = sample(layout, 30)
    assert "é".encode() in data or layout == "sagemaker"
    wanted = table(read([saved(tmp_path / "x", data)]))
    for encoding in ("utf-8-sig", "utf-16"):

        def recoded(one: bytes, encoding: str = encoding) -> bytes:
            text = one.decode()
            return text.replace('encoding="UTF-8"', f'encoding="{encoding[:6]}"' if "16" in encoding else "").encode(
                encoding
            )

        pd.testing.assert_frame_equal(table(read([saved(tmp_path / "x", inside(layout, data, recoded))])), wanted)
    if layout != "sagemaker":
        found, told = tried(saved(tmp_path / "x", data.decode().encode("latin-1")))
        assert found is None
        assert re.match(r"x: .*(not UTF-8|not well-formed)", told)
        assert PLACE.search(told)
