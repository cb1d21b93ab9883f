"""Finished replications on disk, so that a run can be extended: a zip of arrays in NumPy's format, and about.json.

All replications lie stacked, in order from number 0: KPIs as a matrix, ledgers and curves one after another with their
lengths. Names stand once, in about.json. Nothing is rounded, and equal replications give equal bytes.
"""

from __future__ import annotations

import dataclasses
import io
import json
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .curves import Curves
from .errors import DataRefused, ScenarioRefused
from .files import whole
from .ledger import COLUMNS
from .line import Line, digest
from .replication import Lines, One

FORMAT = 7
"""Version of the file's layout; a reader refuses any other. 4: hours over time; 5 to 7: more KPIs."""

WORDS = ("month", "activity", "segment", "pool", "unit", "currency")
"""Columns of a ledger that hold names."""

NUMBERS = ("quantity", "amount", "billed")
"""Its other columns."""

_ARRAYS = {
    "kpis": (np.float64, 2),  # replications x KPIs
    "rows": (np.int64, 1),  # of each ledger
    "words": (np.int64, 2),  # all rows of ledgers x WORDS, places in the list of names
    "quantity": (np.float64, 1),
    "amount": (np.int64, 1),
    "billed": (np.int64, 1),
    "points": (np.int64, 1),  # of each curve
    "step": (np.int64, 1),  # hours between two points
    "state": (
        np.int64,
        2,
    ),  # delivered, worked, trained, each stage's waiting x all points; differences, which pack well
}

Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Origin:
    """What a replication depends on, besides its number. digest: of the line, or of a line for each replication.
    version: of labelcast."""

    digest: str
    seed: int
    engine: str
    version: str

    @classmethod
    def of(cls, line: Line, seed: int, engine: str, lines: Lines | None = None) -> Origin:
        return cls(digest(line) if lines is None else lines.digest, seed, engine, version("labelcast"))


def write_kept(path: Path, origin: Origin, ones: Sequence[One]) -> None:
    """Writes replications 0, 1, .., all of them or nothing. Their logs are not kept."""
    names = list(dict.fromkeys(name for each in ones for name in each.kpis))
    stages = list(ones[0].curves.waiting)
    tables = pd.concat([each.ledger for each in ones], ignore_index=True)
    words = list(dict.fromkeys(word for column in WORDS for word in tables[column]))
    place = {word: number for number, word in enumerate(words)}
    arrays: Arrays = {
        "kpis": np.array([[each.kpis.get(name, np.nan) for name in names] for each in ones]),
        "rows": np.array([len(each.ledger) for each in ones]),
        "words": np.array([[place[word] for word in tables[column]] for column in WORDS], np.int64).T,
        "points": np.array([each.curves.hours.size for each in ones]),
        "step": np.array([_step(each.curves) for each in ones]),
        "state": np.concatenate([_state(each.curves, stages) for each in ones], axis=1),
    }
    arrays |= {name: tables[name].to_numpy() for name in NUMBERS}
    about = {
        "labelcast": FORMAT,
        "origin": dataclasses.asdict(origin),
        "log_engine": ones[0].engine,
        "kpis": names,
        "stages": stages,
        "words": words,
    }
    with whole(path) as part, zipfile.ZipFile(part, "w") as file:
        _put(file, "about.json", json.dumps(about, indent=1, ensure_ascii=False).encode())
        for name, array in arrays.items():
            data = io.BytesIO()
            np.lib.format.write_array(data, np.ascontiguousarray(array), allow_pickle=False)
            _put(file, f"{name}.npy", data.getvalue())


def read_kept(path: Path, origin: Origin) -> list[One]:
    """The replications of a file, equal to those that were written; none where there is no file.

    Raises DataRefused when the file is of another kind, or damaged; ScenarioRefused when its replications are not those
    of this line, seed, engine and version.
    """
    if not path.exists():
        return []
    content = io.BytesIO(path.read_bytes())
    try:
        with zipfile.ZipFile(content) as file:
            about = json.loads(file.read("about.json"))
            if about["labelcast"] != FORMAT:
                raise ValueError(f"its layout is version {about['labelcast']}; this labelcast reads version {FORMAT}")
            found = Origin(**about["origin"])
            if found != origin:
                raise ScenarioRefused(_differences(path, found, origin))
            arrays = {name: _array(file, name) for name in _ARRAYS}
        return _ones(about, arrays)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise _refused(path, "it is no zip, or only a part of one") from error
    except (ValueError, KeyError, TypeError, IndexError, OverflowError, RuntimeError, MemoryError) as error:
        raise _refused(path, f"it lacks something or has it wrong ({error})") from error


def _put(file: zipfile.ZipFile, name: str, data: bytes) -> None:
    # A ZipInfo of our own, because its date is fixed; level 1, because the sums pack as well as with any other.
    file.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED, 1)


def _array(file: zipfile.ZipFile, name: str) -> NDArray[Any]:
    dtype, dimensions = _ARRAYS[name]
    data = io.BytesIO(file.read(f"{name}.npy"))
    array: NDArray[Any] = np.lib.format.read_array(data, allow_pickle=False)
    if array.dtype != dtype or array.ndim != dimensions:
        raise ValueError(f"{name} is {array.ndim}-dimensional of {array.dtype}")
    return array


def _step(curve: Curves) -> int:
    return int(curve.hours[1]) if curve.hours.size > 1 else 1


def _state(curve: Curves, stages: Sequence[str]) -> NDArray[np.int64]:
    levels = np.array([curve.delivered, curve.worked, curve.trained, *(curve.waiting[stage] for stage in stages)])
    return np.diff(levels, axis=1, prepend=0)


def _ones(about: dict[str, Any], arrays: Arrays) -> list[One]:
    """The replications, once all lengths are known to agree."""
    count = len(arrays["kpis"])
    rows, points = arrays["rows"], arrays["points"]
    lines, hours = len(arrays["words"]), arrays["state"].shape[1]
    agree = (
        count >= 1
        and len(rows) == len(points) == len(arrays["step"]) == count
        and arrays["kpis"].shape[1] == len(about["kpis"])
        and arrays["words"].shape[1] == len(WORDS)
        and arrays["state"].shape[0] == 3 + len(about["stages"])
        and all(len(arrays[name]) == lines for name in NUMBERS)
        and lines == int(rows.sum())
        and hours == int(points.sum())
        and int(rows.min()) >= 0
        and int(points.min()) >= 1
        and int(arrays["step"].min()) >= 1
        and (lines == 0 or 0 <= int(arrays["words"].min()) <= int(arrays["words"].max()) < len(about["words"]))
    )
    if not agree:
        raise ValueError("the lengths of its parts do not agree")
    names, stages, engine = [str(name) for name in about["kpis"]], about["stages"], str(about["log_engine"])
    table = _table(about["words"], arrays)
    found = []
    for values, row, point, step in zip(
        arrays["kpis"], _slices(rows), _slices(points), arrays["step"].tolist(), strict=True
    ):
        delivered, worked, trained, *waiting = np.cumsum(arrays["state"][:, point], axis=1)
        hour = np.arange(delivered.size, dtype=np.int64) * step
        curve = Curves(hour, delivered, dict(zip(stages, waiting, strict=True)), worked, trained)
        kpis = dict(zip(names, values.tolist(), strict=True))
        found.append(One(kpis, table.iloc[row].reset_index(drop=True), curve, engine))
    return found


def _table(words: Sequence[str], arrays: Arrays) -> pd.DataFrame:
    """All ledgers, stacked."""
    spelled = np.array([*map(str, words)], dtype=object)
    columns = {name: pd.Series(spelled[arrays["words"][:, at]], dtype="str") for at, name in enumerate(WORDS)}
    return pd.DataFrame(columns | {name: arrays[name] for name in NUMBERS})[list(COLUMNS)]


def _slices(lengths: NDArray[np.int64]) -> list[slice]:
    ends = np.cumsum(lengths).tolist()
    return [slice(start, end) for start, end in zip([0, *ends[:-1]], ends, strict=True)]


def _differences(path: Path, found: Origin, asked: Origin) -> list[str]:
    """A sentence for each thing in which the replications of a file are others than those asked for."""
    mend = "Name another file with --keep"
    told = []
    if found.digest != asked.digest:
        rule = f"its replications are of another scenario (digest {found.digest[:12]}, not {asked.digest[:12]})"
        told.append(f"{path}: {rule}. {mend}, or take back what was changed in the scenario or its profile.")
    if found.seed != asked.seed:
        told.append(
            f"{path}: its replications have seed {found.seed}, not {asked.seed}. {mend}, or --seed {found.seed}."
        )
    if found.engine != asked.engine:
        rule = f"its replications were run by the engine {found.engine}, not {asked.engine}"
        told.append(f"{path}: {rule}. {mend}, or say --engine {found.engine}.")
    if found.version != asked.version:
        rule = f"its replications were run by labelcast {found.version}, and this is {asked.version}"
        told.append(f"{path}: {rule}, whose numbers may differ. {mend}, to run them anew.")
    return told


def _refused(path: Path, why: str) -> DataRefused:
    mend = "Name another file with --keep, or delete this one to begin anew."
    return DataRefused(f"{path}: not a file of replications that labelcast can read: {why}. {mend}")
