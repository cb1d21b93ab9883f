"""Releases from a table: the same as from a list, whatever a spreadsheet makes of a CSV; and refusals by line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from short_scenario import changed, loaded, refusal

from labelcast.sim.line import Line, Release

LIST = "[{on: 2027-02-01, items: 50 items}, {on: 2027-01-20T12:30, items: 7 items}]"


def with_releases(folder: Path, written: str, table: bytes = b"") -> Line:
    (folder / "table.csv").write_bytes(table)
    return loaded(folder, changed(("backlog: 100 items", f"releases: {written}")))


TABLES = {
    "plain": b"at,items\n2027-02-01,50\n2027-01-20T12:30,7\n",
    "crlf": b"at,items\r\n2027-02-01,50\r\n2027-01-20T12:30,7\r\n",
    "byte order mark": b"\xef\xbb\xbfat,items\n2027-02-01,50\n2027-01-20 12:30:00,7\n",
    "other order of columns": b"items,at\n50,2027-02-01\n7,2027-01-20T12:30\n",
    "quoted": b'"at","items"\n"2027-02-01","50"\n"2027-01-20T12:30"," 7 "\n',
    "no end of line": b"at,items\n2027-02-01,50\n2027-01-20T12:30,7",
    "empty lines": b"at,items\n\n2027-02-01,50\n,\n2027-01-20T12:30,7\n\n",
    "of one moment": b"at,items\n2027-02-01,20\n2027-01-20T12:30,7\n2027-02-01T00:00,30\n",
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_a_list(tmp_path: Path, name: str) -> None:
    """A table gives the releases that a list of the same dates gives, in order, those of one moment together."""
    wanted = with_releases(tmp_path, LIST).segments[0].releases
    assert wanted == (Release(16 * 86_400.0 + 3.5 * 3600, 7), Release(27 * 86_400.0 + 15 * 3600, 50))
    assert with_releases(tmp_path, "table.csv", TABLES[name]).segments[0].releases == wanted
    assert with_releases(tmp_path, "{csv: table.csv}", TABLES[name]).segments[0].releases == wanted


@settings(max_examples=30, deadline=None)
@given(hours=st.lists(st.integers(0, 8000), min_size=1, max_size=30))
def test_rows_without_a_number_are_single_items(tmp_path_factory: pytest.TempPathFactory, hours: list[int]) -> None:
    """Without the column `items` each row is one item: none is lost, across changes of the clocks, and the moments
    ascend."""
    from datetime import datetime, timedelta

    folder = tmp_path_factory.mktemp("rows")
    times = [datetime(2027, 1, 4, 9) + timedelta(hours=hour) for hour in hours]
    table = "at\n" + "".join(f"{at:%Y-%m-%dT%H:%M}\n" for at in times)
    releases = with_releases(folder, "table.csv", table.encode()).segments[0].releases
    assert sum(one.items for one in releases) == len(hours)
    assert [one.at_s for one in releases] == sorted({one.at_s for one in releases})


def test_a_file_is_relative_to_the_file_that_names_it(tmp_path: Path) -> None:
    """A scenario in another folder, extended, names its table from its own place."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "table.csv").write_bytes(TABLES["plain"])
    (tmp_path / "deep" / "base.yaml").write_text(changed(("backlog: 100 items", "releases: table.csv")))
    line = loaded(tmp_path, "labelcast: 1\nextends: deep/base.yaml\n")
    assert sum(one.items for one in line.segments[0].releases) == 57


BAD = [
    (b"", "the file is empty"),
    (b"at,items\n", "has no rows"),
    (b"when,items\n2027-02-01,5\n", "the first line names the column `at`"),
    (b"at,at\n2027-02-01,5\n", "the first line names the column `at`"),
    (b"at;items\n2027-02-01;5\n", 'but is "at;items". Write `at,items`, with a comma.'),
    (b"at,itms\n2027-02-01,5\n", 'Did you mean "items"?'),
    (b"at\n\xff\xfe\n", "must be UTF-8"),
    (b"at\n" + b"x" * 200_000 + b"\n", "is no CSV"),
    (b"at,items\n2027-02-01,5\n2027-02-02\n", "table.csv:3:1  a line has 2 cells"),
    (b"at,items\n2027-02-01,1e3\n", "table.csv:2:1  items is a whole number"),
    (b"at,items\n2027-02-01T09:00Z,1\n", "Write the local time"),
    (b"at\n" + b"soon\n" * 40, "... and 30 more lines like these."),
]


@pytest.mark.parametrize(("table", "told"), BAD)
def test_bad_tables_are_refused_by_line(tmp_path: Path, table: bytes, told: str) -> None:
    """What is wrong is told with the line of the table, or at the key that names it."""
    (tmp_path / "table.csv").write_bytes(table)
    assert told in refusal(tmp_path, changed(("backlog: 100 items", "releases: table.csv")))


def test_a_link_is_no_table(tmp_path: Path) -> None:
    """As a scenario, a table is a file of its own."""
    (tmp_path / "real.csv").write_bytes(TABLES["plain"])
    (tmp_path / "table.csv").symlink_to("real.csv")
    assert "this is a link" in refusal(tmp_path, changed(("backlog: 100 items", "releases: table.csv")))
