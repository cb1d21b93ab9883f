"""A run in a folder: written all at once, and read with every doubt said aloud.

manifest.json      what it was run from, and digests of what follows
line.json          the machine form of the line
replications.zip   KPIs, ledger and curves of each replication, see sim/kept.py
results.json       what `labelcast run --json` prints
files/             the scenario and all that it is read from
when.json          when, and by which command: the one file that another run of the same manifest has otherwise
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from ...sim.errors import DataRefused, ScenarioRefused
from ...sim.kept import Origin, read_kept, write_kept
from ...sim.line import Line, digest
from ...sim.replicate import Runs, runs_of
from ...sim.replication import One
from ...sim.results import results
from ...sim.stopping import Precision
from ..layers import merged
from ..library import PREFIX
from ..load import load, show
from ..problems import Problems
from .bundle import FILES, MANIFEST, Bundle, check_bytes, folder_name, manifest_text, writing
from .manifest import Asked, Manifest, manifest_of, sha256, versions
from .sources import Sources

LINE, REPLICATIONS, RESULTS = "line.json", "replications.zip", "results.json"


@dataclass(frozen=True)
class Saved(Bundle):
    """A run's folder, as it was found to be whole."""

    manifest: Manifest

    @cached_property
    def line(self) -> Line:
        """The line, from the copies of its files, as they read today: see `changed`. Raises as `load` does."""
        return load(self.scenario, self.profile)

    @property
    def changed(self) -> str:
        """A sentence where its files read as another line today than when it was run, "" where not."""
        now, then = digest(self.line), self.manifest.digest
        if now == then:
            return ""
        why = (
            "another labelcast, other holidays, or a file of the library or under an absolute path that is another now"
        )
        return f"its files read as another line today (digest {now[:12]}, not {then[:12]}), by {why}"

    @cached_property
    def read_from(self) -> tuple[tuple[Path, ...], Path | None]:
        """Copies of the files that the scenario extends, nearest first, and the profile under it, None without one."""
        problems = Problems()
        layers = merged(self.scenario, self.profile, problems)
        assert layers is not None, "the line was loaded before"
        chain = [Path(name) for name in problems.files if name != layers.profile]
        return tuple(chain[1:]), Path(layers.profile) if layers.profile else None

    @cached_property
    def runs(self) -> Runs:
        """What came out, to the last bit. Raises DataRefused where it cannot be read."""
        asked = self.manifest.asked
        ones = read_kept(self.folder / REPLICATIONS, origin_of(self.manifest))
        precision = asked.replications if isinstance(asked.replications, Precision) else None
        return runs_of(self.line, asked.seed, ones, asked.level, precision)

    @cached_property
    def results(self) -> dict[str, Any]:
        """What `labelcast run --json` printed."""
        found: dict[str, Any] = json.loads((self.folder / RESULTS).read_text(encoding="utf-8"))
        return found

    @property
    def scenario(self) -> Path:
        """The copy of its scenario file."""
        return self.file(self.manifest.scenario)

    @property
    def profile(self) -> Path | None:
        """The copy of the profile that was put under it, or its name in the library; None without one."""
        under = self.manifest.profile
        return None if under is None else Path(under) if under.startswith(PREFIX) else self.file(under)


def outputs(runs: Runs, manifest_origin: Origin) -> dict[str, bytes]:
    """The bytes of what came out, by name of the file. Depends on nothing but the runs."""
    with tempfile.TemporaryDirectory(prefix="labelcast-") as place:
        packed = Path(place) / REPLICATIONS
        write_kept(packed, manifest_origin, _ones(runs))
        data = packed.read_bytes()
    told = json.dumps(results(runs), indent=2, allow_nan=False) + "\n"
    return {LINE: show(runs.line).encode(), REPLICATIONS: data, RESULTS: told.encode()}


def save(root: Path, asked: Asked, read: Sources, runs: Runs, when: Mapping[str, str]) -> Saved:
    """Writes a run into a folder of its own below `root`, all of it or nothing, and opens it.

    A run of the same manifest that is there already stays as it is; DataRefused if its bytes are others.
    Raises ScenarioRefused when the files no longer read as the line that was run.
    """
    made = outputs(runs, Origin.of(runs.line, asked.seed, asked.engine))
    manifest = Manifest(
        name=runs.line.name,
        scenario=read.scenario,
        profile=read.profile,
        digest=digest(runs.line),
        files={name: sha256(data) for name, data in read.data.items()},
        asked=asked,
        replications=len(runs.kpis),
        versions=versions(),
        outputs={name: sha256(data) for name, data in made.items()},
    )
    folder = root / folder_name(manifest.name, manifest.id)
    if folder.exists():
        there = opened(folder)
        if there.manifest != manifest:
            rule = "is there already with the same inputs, but other bytes came out"
            raise DataRefused(f"{folder}: {rule}. Keep it as a proof, and save under another folder: --save OTHER.")
        return there
    contents = {**made, **{f"{FILES}/{name}": data for name, data in read.data.items()}}
    with writing(folder, contents, manifest.text(), when) as part:
        if changed := Saved(part, manifest).changed:
            raise ScenarioRefused(f"{runs.line.name}: {changed}. Nothing was saved; run it again.")
    return Saved(folder, manifest)


def opened(path: Path) -> Saved:
    """The run in a folder. Raises DataRefused where that is none, or a byte of it is another than was written."""
    manifest = manifest_of(manifest_text(path), str(path / MANIFEST))
    check_bytes(path, manifest.outputs, manifest.files, {LINE, REPLICATIONS, RESULTS})
    return Saved(path, manifest)


def origin_of(manifest: Manifest) -> Origin:
    """What its replications depend on."""
    asked = manifest.asked
    return Origin(manifest.digest, asked.seed, asked.engine, manifest.versions.get("labelcast", ""))


def _ones(runs: Runs) -> list[One]:
    """The replications, all with curves on the hours of the longest."""
    books = dict(iter(runs.ledger.groupby("replication")))
    none, names = runs.ledger.iloc[:0], [str(name) for name in runs.kpis.columns]
    found = []
    for number, (values, curves) in enumerate(zip(runs.kpis.to_numpy(np.float64), runs.curves, strict=True)):
        book = books.get(number, none).drop(columns="replication").reset_index(drop=True)
        found.append(One(dict(zip(names, values.tolist(), strict=True)), book, curves, runs.engine))
    return found
