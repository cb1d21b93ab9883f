"""Bad exports: each a clear refusal that names file and row with exit code 3, or rows counted by reason."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from labelcast.calibration.calibrate import calibrate
from labelcast.calibration.readers.recognise import read
from labelcast.sim.errors import DataRefused, ScenarioRefused

HEAD = "_unit_id,_created_at,_golden,_id,_missed,_started_at,_tainted,_worker_id,colour,colour_gold\n"


def row(number: int, **other: str) -> str:
    """A good CrowdFlower row, with some fields replaced."""
    fields = {
        "unit": str(number // 2), "created": f"1/5/2026 09:{number % 60:02d}:40", "golden": "false", "id": str(number),
        "missed": "", "started": f"1/5/2026 09:{number % 60:02d}:00", "tainted": "false", "worker": f"w{number % 2}",
        "colour": "red" if number % 3 else "blue", "gold": "",
    }  # fmt: skip
    return ",".join((fields | other).values()) + "\n"


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


ROWS = [row(number) for number in range(40)]


def write(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_the_good_file_is_good(tmp_path: Path) -> None:
    """What the faults below are planted in can be calibrated, so that they are what is refused."""
    fit = calibrate([write(tmp_path / "a.csv", HEAD + "".join(ROWS))])
    assert fit.rows_read == fit.rows_used == 40
    assert fit.refused == ()


def test_steps_of_cleaning_can_be_left_out(tmp_path: Path) -> None:
    """What was left out stands in the profile; a step that there is not is refused, with those that there are."""
    path = write(tmp_path / "a.csv", HEAD + "".join(ROWS))
    fit = calibrate([path], no_clean=["idle", "hoarding"])
    assert "Left out of cleaning: hoarding, idle." in fit.notes
    assert not any("left open" in note for note in fit.notes)
    with pytest.raises(ScenarioRefused, match=r"--no-clean: no step is named idleness .there are: zones, "):
        calibrate([path], no_clean=["idleness"])


GOOD = (HEAD + "".join(ROWS)).encode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "the file is empty: row 1"),
        (b" \r\n\n", "the file is empty: row 1"),
        (HEAD.encode(), "there is no row below it"),
        (b"\x1f\x8b", "cut off in row 1"),
        (gzip.compress(GOOD, mtime=0)[:-20], "cut off in row"),
        (gzip.compress(GOOD, mtime=0)[:40] + b"\xff" * 40, "damaged"),
        (GOOD[:-9], "row 41: the file is cut off in the middle of it"),
        (GOOD + b'999,"1/5/20', "row 42 (line 42): the file is cut off inside a quoted field"),
        (GOOD.replace(b"red", b"r\xe9d", 1), "is 0xe9, which is not UTF-8"),
        (GOOD.replace(b"red", b"r\0d", 1), "(line 3) is zero: a binary file"),
        (b'[{"id": 1}]', "record 1 is of no format that labelcast reads: it has id"),
        (b'{"id": 1, "text": "EU rejects", "label": [[0, 2, "ORG"]]}\n', "Doccano JSONL: it has neither worker nor"),
        (b"<!DOCTYPE html><html></html>", "row 1 is HTML"),
        (b"PK\x03\x04rest", "zip archive"),
        (b"a,b,c\n1,2,3\n", "row 1 is the header of no format that labelcast reads: a, b, c"),
        (GOOD.replace(b"_started_at", b"started_at"), "no column _started_at. Was 'started_at' once '_started_at'?"),
        (GOOD.replace(b"colour,", b"_worker_id,", 1), "names the column _worker_id more than once"),
        (HEAD.encode() + b"1,2\n3\n", "none of its 2 rows can be used: 2 x not as many fields"),
        (HEAD.encode() + row(1, created="noon").encode(), "_created_at cannot be read as a time (first: x.csv, row 2)"),
        (HEAD.encode() + row(1, started="1/6/2026 09:00:00").encode(), "finish before start (first: x.csv, row 2)"),
        (HEAD.encode() + row(1, created="1/5/2026 09:01:00").encode(), "no page has a usable service time"),
        (HEAD.encode() + row(1, created="1/9/2026 09:01:00").encode(), "no page has a usable service time: left open"),
        (HEAD.encode() + row(1, tainted="true").encode(), "no judgement is left that counts"),
    ],
)  # fmt: skip
def test_unusable_files_are_refused(data: bytes, words: str, tmp_path: Path) -> None:
    """A file that cannot be used is refused with code 3 and its name; nothing of it is fitted."""
    with pytest.raises(DataRefused) as refused:
        calibrate([write(tmp_path / "x.csv", data)])
    assert words in str(refused.value)
    assert "x.csv" in str(refused.value)
    assert (
        "row" in str(refused.value)
        or "line" in str(refused.value)
        or "zip" in words
        or "record" in str(refused.value)
        or "Doccano" in words
        or "HTML" in words
    )
    assert refused.value.exit_code == 3


@pytest.mark.parametrize(
    ("bad", "reason", "first"),
    [
        (row(99, created="13/45/2026 09:00:00"), "_created_at is no date of the calendar", "row 42"),
        (row(99, created="1/5/2026 09:00:00 XYZT"), "_created_at has the unknown time zone name 'XYZT'", "row 42"),
        (row(99, created=""), "_created_at is empty", "row 42"),
        (row(99, started="1/5/1726 09:00:00"), "_started_at lies outside the years 2000 to 2099", "row 42"),
        (row(99, started="1/5/2026 25:00:00"), "_started_at is no time of day", "row 42"),
        (row(99, created="1/1/2026 09:00:00"), "finish before start", "row 42"),
        (row(7, worker="other"), "duplicate of a judgement met before", "row 42"),
        (row(99, worker=" "), "no worker id", "row 42"),
        (row(99, unit=""), "no unit id", "row 42"),
        ("1,2,3\n", "not as many fields as the header", "row 42"),
    ],
)
def test_bad_rows_are_counted_with_the_first(bad: str, reason: str, first: str, tmp_path: Path) -> None:
    """A row that cannot be used is left out, counted under its reason with file and row, and the rest is used."""
    fit = calibrate([write(tmp_path / "a.csv", HEAD + "".join(ROWS) + bad)])
    assert [(one.reason, one.rows, one.first) for one in fit.refused] == [(reason, 1, f"a.csv, {first}")]
    assert (fit.rows_read, fit.rows_used) == (41, 40)


def test_all_files_problems_are_told_at_once(tmp_path: Path) -> None:
    """Two bad files give two problems, each with its name, and the good one between them none."""
    files = [write(tmp_path / "a.csv", b""), write(tmp_path / "b.csv", GOOD), write(tmp_path / "c.csv", b"{}")]
    with pytest.raises(DataRefused) as refused:
        calibrate(files)
    assert [problem[:5] for problem in refused.value.problems] == ["a.csv", "c.csv"]


def test_absent_files_and_folders_are_refused(tmp_path: Path) -> None:
    """A path that is not there, or is a folder, is refused and not a fault of ours."""
    with pytest.raises(DataRefused, match=r"nowhere\.csv: cannot be read"):
        calibrate([tmp_path / "nowhere.csv"])
    with pytest.raises(DataRefused, match="the folder holds no file"):
        calibrate([tmp_path])
    with pytest.raises(DataRefused, match="No file"):
        calibrate([])


@pytest.mark.parametrize(
    "data",
    [
        GOOD,
        b"\xef\xbb\xbf" + GOOD,
        GOOD.decode().encode("utf-16"),
        gzip.compress(GOOD, mtime=0),
        GOOD.replace(b"\n", b"\r\n"),
        GOOD.replace(b",", b";"),
        GOOD.replace(b",", b"\t"),
        zipped({"a.csv": GOOD, "__MACOSX/._a.csv": b"x", ".DS_Store": b"x"}),
    ],
)
def test_encodings_and_packing_change_nothing(data: bytes, tmp_path: Path) -> None:
    """UTF-8 with and without mark, UTF-16, gzip and zip by content whatever the name, line ends, and what parts values
    give one reading."""
    judgements = read([write(tmp_path / "a.csv", data)]).judgements
    plain = read([write(tmp_path / "b.csv", GOOD)]).judgements
    columns = ["item", "worker", "started_at", "submitted_at", "label", "row"]
    assert judgements[columns].equals(plain[columns])


def test_a_file_given_twice_counts_once(tmp_path: Path) -> None:
    """The second copy is all duplicates: counted, and the fit is that of one copy."""
    one, two = write(tmp_path / "a.csv", GOOD), write(tmp_path / "copy.csv", GOOD)
    once, twice = calibrate([one]), calibrate([one, two])
    assert twice.refused[0].rows == 40
    assert twice.refused[0].first == "copy.csv, row 2"
    assert once.scenario == twice.scenario


def test_words_on_the_command_line_are_checked(tmp_path: Path) -> None:
    """An unknown column, time zone or impossible name is a refusal of the command line: code 2, with a hint."""
    path = write(tmp_path / "a.csv", GOOD)
    with pytest.raises(ScenarioRefused, match="Did you mean 'colour'"):
        calibrate([path], label="color")
    with pytest.raises(ScenarioRefused, match="no time zone is named 'Mars/Base'"):
        calibrate([path], timezone="Mars/Base")
    with pytest.raises(ScenarioRefused, match="cannot be a name"):
        calibrate([path], pool="my pool")
