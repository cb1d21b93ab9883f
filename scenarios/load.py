"""The door: from a scenario file to a line, or all that is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from ..sim.errors import Infeasible
from ..sim.line import Line, machine_form
from . import effects
from .changes import stretches, untrained
from .check import check, place
from .draws import Draw, Shift
from .eligible import unmet
from .feasible import infeasible
from .investments import without as taken_out
from .layers import Layers, merged
from .nodes import Node
from .problems import Problems
from .references import check_references
from .releases import from_files
from .resolve import dated, payable, resolve
from .routing import Broken, routes
from .varied import varied


def load(
    path: Path,
    profile: Path | None = None,
    vary: tuple[str, str] | None = None,
    draw: Draw | Shift | None = None,
    without: Collection[int] = (),
    *,
    keys: Sequence[tuple[str, str | Node]] = (),
) -> Line:
    """The line of the scenario file at `path`.

    profile: a profile to put under it, in place of the one that the file names.
    vary: a key's path and its value, written as there, which takes the place of the file's.  keys: more of them; a node
    takes the place of all that stands there.
    draw: of what the profile's fit and the ranges of `changes` do not know, None to take values and medians.
    without: entries of `changes`, from 0, that are taken out.
    Raises ScenarioRefused with all problems of the file and of what it extends, by position; Infeasible where nobody
    may do some of the work.
    """
    problems = Problems()
    layers = merged(path, profile, problems, draw)
    if layers is None:
        problems.stop()
    assert layers is not None
    if draw is not None:
        layers = replace(layers, root=effects.drawn(layers.root, draw.normal))
    layers = replace(layers, root=taken_out(layers.root, without))
    for key in [*([] if vary is None else [vary]), *keys]:
        layers = replace(layers, root=varied(layers.root, str(path), *key))
    return resolved(layers, path, problems)


def resolved(layers: Layers, path: Path, problems: Problems) -> Line:
    """The line of a tree. path: of the scenario's file.  problems: of its files so far, which are told with the tree's
    own. Raises as load() does."""
    scenario = check(layers.root, layers.complete, problems)
    if layers.complete:
        check_references(layers.root, problems)
    problems.stop()
    assert scenario is not None
    broken: list[Broken] = [*routes(scenario).broken, *dated(scenario), *payable(scenario)]
    if not broken:
        from_file = from_files(scenario, layers.root, problems)
        held = stretches(scenario, layers.root, problems)
        problems.stop()
        line = resolve(held, layers, path.stem, from_file)
        broken = [*untrained(held, {pool.name for pool in line.pools}), *infeasible(line)]
    _tell(broken, layers, problems)
    problems.stop()
    barred = Problems(problems.files)
    _tell(unmet(line), layers, barred)
    barred.stop(Infeasible)
    return line


def _tell(broken: Iterable[Broken], layers: Layers, problems: Problems) -> None:
    for loc, message in broken:
        mark, shown = place(layers.root, loc)
        problems.add(mark, shown, message)


def show(line: Line) -> str:
    """The machine form of a line as JSON text: seconds, shares, logits, every default written out."""
    return json.dumps(machine_form(line), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
