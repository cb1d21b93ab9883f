"""Whatever happens to the bytes of an export, the answer is a fit or a refusal, never a fault of ours."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labelcast.calibration import profile
from labelcast.calibration.calibrate import calibrate
from labelcast.calibration.export import write_export
from labelcast.sim.errors import DataRefused

LOUD = st.sampled_from(
    [b",", b'"', b"\n", b"\r", b"\0", b"\xff", b"-", b"9", b"", b"true", b"\xef\xbb\xbf", b"1/1/1", b" "]
)


@pytest.fixture(scope="module")
def exports(line, truth, tmp_path_factory) -> dict[str, bytes]:
    """A small export of each platform."""
    folder = tmp_path_factory.mktemp("fuzz")
    out = {}
    for platform in ("crowdflower", "mturk"):
        path = folder / f"{platform}.csv"
        write_export(line(truth(headcount=3, items=6, labels_per_item=2, gold=0.5), 1), path, format=platform)
        out[platform] = path.read_bytes()
    return out


def survives(data: bytes, folder: Path) -> None:
    path = folder / "x.csv"
    path.write_bytes(data)
    try:
        fit = calibrate([path])
    except DataRefused as error:
        refusal = str(error)
    else:
        refusal = ""
    if refusal:
        assert refusal.startswith("x.csv")
        return
    assert fit.rows_read == fit.rows_used + sum(one.rows for one in fit.refused)
    profile.text(fit)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["crowdflower", "mturk"]),
    st.lists(st.tuples(st.integers(0, 2**16), st.integers(0, 6), LOUD), max_size=4),
)
def test_mutated_bytes(exports, tmp_path: Path, platform: str, edits: list[tuple[int, int, bytes]]) -> None:
    """Bytes replaced, removed and put in, anywhere: a fit whose rows add up, or a refusal that names the file."""
    data = exports[platform]
    for place, length, put in edits:
        at = place % (len(data) + 1)
        data = data[:at] + put + data[at + length :]
    survives(data, tmp_path)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**16), st.integers(0, 255))
def test_mutated_gzip(exports, tmp_path: Path, place: int, value: int) -> None:
    """One byte of the packed file changed, or the file cut there."""
    packed = gzip.compress(exports["crowdflower"], mtime=0)
    at = place % len(packed)
    survives(packed[:at] + bytes([value]) + packed[at + 1 :], tmp_path)
    survives(packed[:at], tmp_path)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["crowdflower", "mturk"]), st.integers(0, 40), st.integers(0, 40), st.text(max_size=12))
def test_mutated_cells(exports, tmp_path: Path, platform: str, line_at: int, cell_at: int, word: str) -> None:
    """One cell replaced by any text, the CSV staying sound: dates, ids, answers and truths of any kind."""
    rows = list(csv.reader(io.StringIO(exports[platform].decode(), newline="")))
    row = rows[line_at % len(rows)]
    row[cell_at % len(row)] = word
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)
    survives(out.getvalue().encode("utf-8", "replace"), tmp_path)
