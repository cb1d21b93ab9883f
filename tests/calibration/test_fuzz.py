"""Whatever happens to the bytes of an export, the answer is a fit or a refusal, never a fault of ours."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fuzzing.cases import outcome, spoiled
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from layouts import LAYOUTS

from labelcast.calibration import profile
from labelcast.calibration.calibrate import calibrate
from labelcast.calibration.export import write_export
from labelcast.sim.errors import DataRefused

LOUD = st.sampled_from(
    [b",", b'"', b"\n", b"\r", b"\0", b"\xff", b"-", b"9", b"", b"true", b"\xef\xbb\xbf", b"1/1/1", b" "]
)


LOUDER = st.one_of(
    LOUD, st.sampled_from([b"{", b"}", b"[", b"]", b":", b"null", b"1e999", b"\\ud800", b"\t", b";", b"PK"])
)

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=6), st.just("\ud800")),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)),
    max_leaves=5,
)

SMALL = {layout: write(12).encode() for layout, write in LAYOUTS.items()}


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


@pytest.mark.fuzz
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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


@pytest.mark.fuzz
@settings(max_examples=160, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(sorted(LAYOUTS)),
    st.lists(st.tuples(st.integers(0, 2**16), st.integers(0, 6), LOUDER), min_size=1, max_size=4),
)
def test_mutated_layouts(tmp_path: Path, layout: str, edits: list[tuple[int, int, bytes]]) -> None:
    """The same, of every other layout that we read."""
    data = SMALL[layout]
    for place, length, put in edits:
        at = place % (len(data) + 1)
        data = data[:at] + put + data[at + length :]
    survives(data, tmp_path)


@pytest.mark.fuzz
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["label-studio", "prodigy"]), st.integers(0, 10_000), JSON)
@example("label-studio", 106, 1.797693134862316e305)  # seconds whose milliseconds are beyond all numbers
def test_mutated_values(tmp_path: Path, layout: str, place: int, value: object) -> None:
    """One value of a JSON export replaced by any other, the JSON staying sound."""
    text = SMALL[layout].decode()
    records = json.loads(text) if layout == "label-studio" else [json.loads(line) for line in text.splitlines()]
    spots = list(_spots(records))
    holder, key = spots[place % len(spots)]
    holder[key] = value
    out = json.dumps(records) if layout == "label-studio" else "".join(json.dumps(one) + "\n" for one in records)
    survives(out.encode(), tmp_path)


def _spots(value: object) -> Iterator[tuple[Any, Any]]:
    """Every place in nested lists and mappings that holds a value."""
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in list(keys):
        yield value, key
        yield from _spots(value[key])  # type: ignore[index]


@pytest.mark.fuzz
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**16), st.integers(0, 255))
def test_mutated_gzip(exports, tmp_path: Path, place: int, value: int) -> None:
    """One byte of the packed file changed, or the file cut there."""
    packed = gzip.compress(exports["crowdflower"], mtime=0)
    at = place % len(packed)
    survives(packed[:at] + bytes([value]) + packed[at + 1 :], tmp_path)
    survives(packed[:at], tmp_path)


@pytest.mark.fuzz
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


@pytest.mark.fuzz
@pytest.mark.parametrize("part", range(4))
def test_spoiled_by_number(part: int, tmp_path: Path) -> None:
    """Some of the cases of which `make fuzz` runs 100,000, of every reader: a sound table, or a refusal that names the
    file."""
    came = {outcome(spoiled(1, number)[0], number, tmp_path) for number in range(part * 75, part * 75 + 75)}
    assert came == {"table", "refused"}
