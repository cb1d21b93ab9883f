"""What of scenarios can be moved, one by one: what a profile fitted with an interval, ranges of `changes`, and keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scipy import special

from ..sim.errors import Infeasible, ScenarioRefused
from ..sim.line import Line
from . import effects
from .draws import FARTHEST, Fitted, Shift, Z, fitted_of
from .effects import Effect
from .layers import merged, profile_tree
from .load import load
from .lookup import sub, text_at
from .nodes import Listing
from .nodes import Mapping as Tree
from .paths import spot, text_of
from .problems import Problems, quoted
from .ranges import FACTOR, Range
from .varied import varied

CHANGES = "changes"
"""The source of what a range of `changes` tells."""


@dataclass(frozen=True)
class Parameter:
    """One thing that can be moved, by deviates: 0 is its value, -Z and Z are its ends.

    name: of the variable, or of the range of `changes`, or the key's path.  source: of the profile that tells of it.
    fitted: what stands for the variable, of a curve its middle quantile.  over: the range of a key; one is not None.
    planned: of a key, what a file says there, "" where that is no number or plans say it differently.
    """

    name: str
    source: str
    fitted: Fitted | Effect | None = field(default=None, compare=False)
    over: Range | None = field(default=None, compare=False)
    planned: str = field(default="", compare=False)

    def at(self, deviate: float) -> float:
        """Its value, in its unit. Of a key, deviates from -Z to Z lie evenly from end to end; 0 is its middle."""
        if self.fitted is not None:
            return self.fitted.value if isinstance(self.fitted, Fitted) and not deviate else self.fitted.at(deviate)
        assert self.over is not None
        part = (deviate + Z) / (2 * Z)
        return self.over.at(self.over.low + part * (self.over.high - self.over.low))

    def text(self, deviate: float) -> str:
        """Its value as a scenario file would write it."""
        assert self.over is not None
        return self.over.text(self.at(deviate))

    def quantile(self, share: float) -> float:
        """The deviate below which it lies with this chance: normal of what is fitted, uniform of a key."""
        if self.over is not None:
            return Z * (2 * share - 1)
        return min(max(float(special.ndtri(share)), -FARTHEST), FARTHEST)


Moves = Mapping[Parameter, float]
"""Deviates of what is moved; what is not named stays as it is."""


@dataclass(frozen=True)
class Movable:
    """A scenario and what of it can be moved. path, profile: as of `load`.  keys: paths of keys that it has, with what
    stands there, "" where that is no number."""

    path: Path
    profile: Path | None
    fitted: tuple[Parameter, ...]
    keys: Mapping[str, str] = field(default_factory=dict)

    def own(self, moves: Moves) -> dict[Parameter, float]:
        """What of the moves this scenario has a part in."""
        return {
            one: deviate
            for one, deviate in moves.items()
            if (one.name in self.keys if one.over is not None else one in self.fitted)
        }

    def line(self, moves: Moves) -> Line:
        """The line with these moves. Raises ScenarioRefused or Infeasible where it is none."""
        own = self.own(moves)
        shift = Shift({one.name: deviate for one, deviate in own.items() if one.over is None})
        keys = [(one.name, one.text(deviate)) for one, deviate in own.items() if one.over is not None]
        return load(self.path, self.profile, draw=shift if shift.deviates else None, keys=keys)


def movable(path: Path, profile: Path | None, ranges: Sequence[Range]) -> Movable:
    """What can be moved of a scenario that loads."""
    layers = merged(path, profile, Problems())
    assert layers is not None, "the scenario was loaded before"
    fitted: list[Parameter] = []
    if layers.profile and layers.unsure:
        found = profile_tree(Path(layers.profile), None, Problems())
        assert found is not None, "the scenario was loaded before"
        tree, block = found
        source = text_at(sub(tree, "provenance", "digest")) or str(Path(layers.profile).resolve())
        fitted = _variables([one for one in fitted_of(tree, block)[0] if one.path in layers.unsure], source)
    fitted += _changing(layers.root)
    keys = {}
    for one in ranges:
        try:
            varied(layers.root, str(path), one.path, one.text(one.low))
        except ScenarioRefused:
            continue
        keys[one.path] = text_of(layers.root, spot(layers.root, one.path))
    return Movable(path, profile, tuple(fitted), keys)


def _changing(root: Tree) -> list[Parameter]:
    """Ranges of `changes`; of one name they are one truth in all scenarios, as draws have it."""
    listing = root.entries.get("changes")
    found = []
    for name, (number, key) in effects.ranges(root).items():
        assert isinstance(listing, Listing)
        text = text_at(sub(listing.items[number], key))
        assert text is not None
        found.append(Parameter(name, CHANGES, fitted=effects.read(text)))
    return found


def _variables(found: Sequence[Fitted], source: str) -> list[Parameter]:
    by_variable: dict[str, list[Fitted]] = {}
    for one in found:
        by_variable.setdefault(one.variable, []).append(one)
    return [Parameter(name, source, fitted=all_of[len(all_of) // 2]) for name, all_of in by_variable.items()]


def parameters_of(scenarios: Sequence[Movable], ranges: Sequence[Range]) -> tuple[list[Parameter], list[str]]:
    """(all that can be moved of these scenarios, sentences on fitted parameters that are left out, since the line at an
    end of their interval is none).

    Raises ScenarioRefused where nothing can be moved, a key is in none of them, or one's end cannot be simulated.
    """
    problems: list[str] = []
    for at, one in enumerate(ranges):
        if one.path in {other.path for other in ranges[:at]}:
            problems.append(f"--over {one.path}: is said twice. Say each key once.")
        if not any(one.path in scenario.keys for scenario in scenarios):
            problems += _lacking(scenarios[0], one)
    if problems:
        raise ScenarioRefused(problems)
    keys = [Parameter(one.path, "", over=one, planned=_planned(scenarios, one)) for one in ranges]
    for key in keys:
        for end in (-Z, Z):
            for scenario in scenarios:
                scenario.line({key: end})
    fitted = list(dict.fromkeys(one for scenario in scenarios for one in scenario.fitted))
    reasons = {one: _no_line(one, scenarios) for one in fitted}
    kept = [one for one, reason in reasons.items() if not reason]
    left_out = [f"{one.name} is left out: {reason}" for one, reason in reasons.items() if reason]
    if not kept and not keys:
        names = ", ".join(str(scenario.path) for scenario in scenarios)
        rule = left_out or ["no parameter is fitted with an interval"]
        mend = (
            'Put a fitted profile under it (`labelcast calibrate`), or name keys: --over "pools.team.headcount=4..12".'
        )
        raise ScenarioRefused(f"{names}: {'; '.join(rule)}, so there is nothing to move. {mend}")
    return [*kept, *keys], left_out


def _planned(scenarios: Sequence[Movable], one: Range) -> str:
    """What all scenarios that have a key say there; "" where they differ, or where it is multiplied."""
    said = {scenario.keys[one.path] for scenario in scenarios if one.path in scenario.keys}
    return said.pop() if len(said) == 1 and one.unit != FACTOR else ""


def _lacking(scenario: Movable, one: Range) -> Iterable[str]:
    """Why a scenario does not have a key."""
    layers = merged(scenario.path, scenario.profile, Problems())
    assert layers is not None, "the scenario was loaded before"
    try:
        varied(layers.root, str(scenario.path), one.path, one.text(one.low))
    except ScenarioRefused as error:
        return error.problems
    raise AssertionError(f"{quoted(one.path)} is a key of the scenario")


def _no_line(one: Parameter, scenarios: Sequence[Movable]) -> str:
    """Why an end of its interval is no line of some scenario; "" where both are."""
    for scenario in scenarios:
        for end in (-Z, Z):
            try:
                scenario.line({one: end})
            except (ScenarioRefused, Infeasible) as error:
                return f"at {one.at(end):.4g} {scenario.path} is no line: {error.problems[0]}"
    return ""
