"""Spoiled exports by number, and what may come of one: a sound table, or a refusal that names the file."""

from __future__ import annotations

import io
import tempfile
import zipfile
from functools import cache
from pathlib import Path
from random import Random

from layouts import SAMPLES, sample

from labelcast.calibration.calibrate import calibrate
from labelcast.calibration.readers.judgements import COLUMNS, OUTCOMES
from labelcast.calibration.readers.recognise import Export, read
from labelcast.sim.errors import DataRefused, ScenarioRefused

from .mutations import MUTATIONS, archived, packed

NAME = "spoiled.file"
WHOLE = 250
"""Of so many cases one is calibrated too."""

JSON = ("label-studio", "prodigy", "labelbox", "ocel", "sagemaker")


@cache
def _sample(layout: str, rows: int) -> bytes:
    return sample(layout, rows)


def spoiled(seed: int, number: int) -> tuple[bytes, str]:
    """(bytes of case `number`, how they came about). Layouts take turns."""
    rng = Random(f"{seed}-{number}")
    layout = SAMPLES[number % len(SAMPLES)]
    data = _sample(layout, rng.choice([1, 3, 12, 12, 40]))
    ways = [rng.choice(_ways(layout)) for _ in range(rng.choice([1, 1, 1, 2, 3]))]
    if layout == "sagemaker":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {one: archive.read(one) for one in archive.namelist()}
        for one in rng.sample(sorted(members), min(len(members), rng.randint(1, 3))):
            for way in ways:
                members[one] = MUTATIONS[way](members[one], rng)
        data = archived(members, rng) if rng.random() < 0.8 else next(iter(members.values()))
    else:
        for way in ways:
            data = MUTATIONS[way](data, rng)
    if rng.random() < 0.05:
        other = _sample(rng.choice(SAMPLES), 3)
        data, ways = (data + other if rng.random() < 0.5 else other + data), [*ways, "joined"]
    if rng.random() < 0.1:
        data, ways = packed(data, rng), [*ways, "packed"]
    return data, f"{layout}: {', '.join(ways)}"


def _ways(layout: str) -> list[str]:
    """What is done to a layout, that which keeps its form the more often."""
    deep = "nodes" if layout in JSON else "elements" if layout == "xes" else "cells"
    return [*(way for way in MUTATIONS if way not in ("nodes", "cells", "elements")), "stamps", "tokens", *[deep] * 8]


def outcome(data: bytes, number: int, folder: Path) -> str:
    """ "table" or "refused". Raises AssertionError where the table is not sound or the refusal names no file, and
    whatever our code raises where it should not."""
    path = folder / NAME
    path.write_bytes(data)
    label = "kind" if number % 10 == 3 else None
    try:
        export = read([path], label)
        _check(export)
        if number % WHOLE == 0:
            fit = calibrate([path], label=label)
            assert fit.rows_read == fit.rows_used + sum(one.rows for one in fit.refused)
    except (DataRefused, ScenarioRefused) as refused:
        problems = refused.problems
        silent = [one for one in problems if NAME not in one and not (label and one.startswith("--label"))]
    else:
        return "table"
    if silent or not problems:
        raise AssertionError(f"a refusal that names no file: {problems}")
    return "refused"


def calibrated_once() -> None:
    """A calibration that comes before all others, so that compiling is of no case."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / NAME
        path.write_bytes(_sample("crowdflower", 40))
        calibrate([path])


def _check(export: Export) -> None:
    """Every row is in the table or in the book of refusals, and the table is of our columns and words."""
    table = export.judgements
    assert {name: str(dtype) for name, dtype in table.dtypes.items()} == COLUMNS
    assert len(table)
    assert table[["item", "worker"]].notna().all(axis=None)
    assert table["outcome"].isin(OUTCOMES).all()
    read_rows = sum(one.rows for one in export.sources)
    refused = sum(one.rows for one in export.refusals.summary())
    assert len(table) + refused == read_rows, (len(table), refused, read_rows)
    assert {name: str(dtype) for name, dtype in export.under_way.dtypes.items()} == COLUMNS
    assert len(export.under_way) <= refused
    export.refusals.summary()
