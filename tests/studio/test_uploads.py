"""What is dropped in: bad files are refused with the reason, hostile ones do nothing."""

from __future__ import annotations

import gzip
import io
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from labelcast.reports.studio import uploads
from labelcast.reports.studio.shelf import Shelf
from labelcast.reports.studio.uploads import PACKED, ROWS, check_export, shown, take
from labelcast.sim.errors import DataRefused, Refused, ScenarioRefused

LINE = Path(__file__).parent / "line.yaml"


LAUGHS = b"a0: &a0 [x, x, x, x]\n" + b"".join(
    b"a%d: &a%d [%s]\n" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 5)) for n in range(1, 13)
)
"""Each line holds the one above five times."""


def zipped(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def test_a_scenario_is_taken_under_its_own_name() -> None:
    """Law: what is dropped in is a plan, named by its content."""
    shelf = Shelf()
    name = shelf.drop(LINE.read_bytes(), "C:\\plans\\mine.yaml")
    assert shelf.names[name] == "mine.yaml"
    assert shelf.base(name).line.name == "small line"
    assert shelf.drop(LINE.read_bytes(), "mine.yaml") == name


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("extends: ../../../etc/passwd", "x.yaml:2:10  extends"),
        ("extends: base.yaml", "x.yaml:2:10  extends"),
        ("extends: library:../../../../etc/passwd", "x.yaml:2:10  extends: no scenario of the library is named"),
        ("profile: /etc/passwd", "x.yaml:2:10  profile"),
        ("profile: ../team.profile.yaml", "x.yaml:2:10  profile"),
        ("work: {a: {releases: {csv: /etc/passwd}}}", "x.yaml:2:28  work.a.releases.csv"),
        ("work: {a: {releases: /etc/passwd}}", "x.yaml:2"),
    ],
)
def test_a_scenario_names_no_file(line: str, words: str, tmp_path: Path) -> None:
    """Law: every key that names a file is refused, with its place, and the file is not opened."""
    with pytest.raises(ScenarioRefused) as refused:
        Shelf().drop(f"labelcast: 1\n{line}\n".encode(), "x.yaml")
    text = str(refused.value)
    assert words in text
    assert "root:" not in text
    assert "/tmp" not in text


def test_a_profile_of_the_library_may_be_named() -> None:
    """Law: what comes with labelcast is no file of the reader's."""
    data = b"labelcast: 1\nprofile: library:typical\nstart: 2027-01-04T09:00\ntimezone: UTC\ncurrency: EUR\n"
    data += b"work: {items: {backlog: 100 items}}\n"
    shelf = Shelf()
    assert shelf.base(shelf.drop(data, "x.yaml")).known
    ours = b"labelcast: 1\nname: ours\nextends: library:vendor\npools: {vendor: {headcount: 9}}\n"
    assert {pool.name: pool.headcount for pool in shelf.base(shelf.drop(ours, "ours.yaml")).line.pools}["vendor"] == 9


def test_problems_of_an_upload_say_its_name_and_line() -> None:
    """Law: the loader's file:line:column, with the name that the reader knows and no folder of ours."""
    bad = LINE.read_bytes().replace(b"headcount: 4", b"headcont: 4")
    with pytest.raises(ScenarioRefused) as refused:
        Shelf().drop(bad, "mine.yaml")
    assert str(refused.value).startswith("mine.yaml:12:")
    assert "/tmp" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.csv", b"\0" * (PACKED + 1), "at most 25 MB"),
        ("a.csv", b"x\n" * (ROWS + 2), "lines"),
        ("a.csv.gz", gzip.compress(b"\0" * (200 << 20)), "unpacks to at most 50 MB"),
        ("a.zip", zipped(("a.csv", b"\0" * (60 << 20))), "times larger unpacked"),
        ("a.zip", zipped(("a.csv.gz", gzip.compress(b"\0" * (200 << 20)))), "unpacks to at most 50 MB"),
        ("a.zip", zipped(("../../a.csv", b"x")), "lies within it"),
        ("a.zip", zipped(("/etc/cron.d/a.csv", b"x")), "lies within it"),
        ("a.zip", zipped(("C:\\a.csv", b"x")), "lies within it"),
        ("a.zip", zipped(*((f"{number}.csv", b"x") for number in range(51))), "at most 50 files"),
        ("a.zip", b"PK\x03\x04" + b"\0" * 100, "damaged"),
        ("a.gz", b"\x1f\x8b" + b"\0" * 100, "damaged"),
        ("a.parquet", b"PAR1....", "Parquet is not taken"),
        ("big.yaml", b"#" * (2 << 20), "at most 1,048,576 bytes"),
        ("deep.yaml", b"[\n" * 100_000, "levels deep"),
        ("laughs.yaml", LAUGHS, "values"),
        ("exec.yaml", b"!!python/object/apply:os.system ['touch /tmp/x']", "tags"),
        ("a.xlsx", zipped(("[Content_Types].xml", b"x")), "spreadsheet"),
        ("a.csv", b"\xff\xfe\x00", ""),
        ("", b"", ""),
    ],
)  # fmt: skip
def test_hostile_files_are_refused_within_little_memory(name: str, data: bytes, words: str) -> None:
    """Law: bombs, ways out of a folder and code are refused with a reason, before they fill memory."""
    tracemalloc.start()
    try:
        with pytest.raises(Refused) as refused:
            Shelf().drop(data, name)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert words in str(refused.value)
    assert peak < 200 << 20


def test_an_export_becomes_a_line() -> None:
    """Law: an export is fitted, and opens as a plan with its own people; it is not kept."""
    data = (Path(__file__).parents[2] / "calibration" / "sample_crowdflower.csv.gz").read_bytes()
    shelf = Shelf()
    name = shelf.drop(data, "../export.csv.gz")
    assert shelf.names[name] == "export.csv.gz"
    base = shelf.base(name)
    assert any(one.group == "People" for one in base.known)
    assert {path.name for path in base.path.parent.iterdir()} == {"plan.yaml", "team.profile.yaml"}


def test_an_archive_writes_nothing_outside(tmp_path: Path) -> None:
    """Law: members are read, never unpacked onto the disk."""
    folder = tmp_path / "in"
    folder.mkdir()
    with pytest.raises(DataRefused):
        take(zipped(("../out.csv", b"x")), "a.zip", folder)
    assert [*tmp_path.iterdir()] == [folder]
    assert [*folder.iterdir()] == []


def test_names_are_short_printable_and_without_a_way() -> None:
    """Law: the name of an upload names no folder."""
    assert shown("../../etc/passwd") == "passwd"
    assert shown("..\\..\\boot.ini") == "boot.ini"
    assert shown("a\n\x1b[31mb.csv") == "a??[31mb.csv"
    assert len(shown("x" * 5_000)) == 80
    assert shown("") == "upload"


def test_the_studios_memory_of_uploads_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Law: old uploads go, with their folders."""
    monkeypatch.setattr("labelcast.reports.studio.shelf.KEPT", 2)
    shelf = Shelf()
    names = [shelf.drop(LINE.read_bytes() + b"#" * n, "x.yaml") for n in range(3)]
    assert [name in shelf.names for name in names] == [False, True, True]
    with pytest.raises(ScenarioRefused, match="no such plan"):
        shelf.base(names[0])


@pytest.mark.parametrize(
    ("was", "now", "words"),
    [
        (b"backlog: 400 items", b"backlog: 9_000_000 items", "at most 2,000,000 labels"),
        (b"backlog: 400 items", b"arrivals: {rate: 100_000 items/week}", "at most 2,000,000 labels"),
        (b"headcount: 4", b"headcount: 9_000", "at most 5,000 people"),
    ],
)
def test_a_plan_that_would_fill_the_memory_is_refused(was: bytes, now: bytes, words: str) -> None:
    """Law: nobody hangs the studio with a scenario."""
    with pytest.raises(ScenarioRefused, match=words):
        Shelf().drop(LINE.read_bytes().replace(was, now), "x.yaml")


def test_limits_are_told() -> None:
    """Law: what is said on the page is what is held."""
    assert "25 MB" in uploads.LIMITS
    assert "300,000 lines" in uploads.LIMITS
    check_export(b"x\n" * 1_000, "a.csv")
