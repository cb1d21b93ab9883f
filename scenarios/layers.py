"""From a file to one tree: the chain of `extends`, the profile underneath it, and the rule by which they merge.

Mappings merge key by key, so that named things merge by name; a short form merges as what it stands for. What is one
value (a list, a table of shares) is replaced. A key takes the place of its alternatives: `gamma` written over
`lognormal` replaces it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from .draws import Draw, Shift, deviates, drawn, fitted_of
from .library import PREFIX, profile_path, scenario_path, scenarios
from .lookup import sub
from .nodes import Listing, Mapping, Node, Scalar
from .parts import Part
from .problems import Mark, Problems, quoted
from .shape import Shape, replaced, shape_under, short_under
from .spec import Scenario
from .text import compose, read

LONGEST_CHAIN = 8
"""Files that extend one another."""


@dataclass(frozen=True)
class Layers:
    """One merged tree. complete: every file could be read. profile: the profile's name in marks, "" for none.

    stand_in: the profile was not fitted, so its values are assumptions.  assumed: paths that a fit left to us.
    backtest: what a backtest of it said, or that there was none; "" without a fitted profile.
    unsure: paths of fitted numbers that have an interval and that no file writes over.  bare: of those that have none.
    deviates: of a draw, by how many standard deviations each variable among `unsure` is off.
    """

    root: Mapping
    complete: bool = True
    profile: str = ""
    stand_in: bool = False
    assumed: frozenset[str] = field(default_factory=frozenset)
    backtest: str = ""
    unsure: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()
    deviates: dict[str, float] = field(default_factory=dict)


def merged(path: Path, profile: Path | None, problems: Problems, draw: Draw | Shift | None = None) -> Layers | None:
    """The tree of the scenario at `path`; profile: takes the place of the one that the files name.  draw: of the
    profile's parameters, None for their values."""
    chain, complete = _chain(path, problems)
    if not chain:
        return None
    root = chain[-1][1]
    for _, upper in reversed(chain[:-1]):
        root = over(_without(root, "name"), upper, Scenario)
    named = next((one for one in chain if "profile" in one[1].entries), None)
    if profile is not None:
        return _with_profile(root, complete, str(profile), Path(), None, problems, draw)
    if named is not None:
        node = named[1].entries["profile"]
        if isinstance(node, Scalar) and _is_path(node):
            return _with_profile(root, complete, node.text, named[0].parent, node.mark, problems, draw)
    return Layers(root, complete)


def _chain(path: Path, problems: Problems) -> tuple[list[tuple[Path, Mapping]], bool]:
    """The scenario and what it extends, the scenario first; and whether the chain is whole."""
    chain: list[tuple[Path, Mapping]] = []
    seen: list[Path] = []
    at: Mark | None = None
    while True:
        real = path.resolve()
        if at is not None and real in seen:
            problems.add(at, "extends", f"files must not extend one another in a circle, but {quoted(str(path))} does.")
            return chain, False
        if at is not None and len(chain) >= LONGEST_CHAIN:
            problems.add(at, "extends", f"at most {LONGEST_CHAIN} files extend one another, but this is one more.")
            return chain, False
        seen.append(real)
        root = _file(path, at, "extends", problems)
        if root is None:
            return chain, False
        if at is not None:
            _base_version(root, problems)
        chain.append((path, root))
        node = root.entries.get("extends")
        if not isinstance(node, Scalar) or not _is_path(node):
            return chain, True
        at = node.mark
        try:
            path = scenario_path(node.text, path.parent)
        except ValueError as error:
            problems.add(at, "extends", str(error))
            return chain, False


def _file(path: Path, at: Mark | None, key: str, problems: Problems) -> Mapping | None:
    """The tree of one file; at: where it is named, None for the scenario itself."""
    name = str(path)
    if name not in problems.files:
        problems.files.append(name)
    try:
        data = read(path)
    except ValueError as error:
        if at is None:
            problems.add(Mark(name, 1, 1), "", str(error))
        else:
            name = path.name.removesuffix(".yaml")
            more = f" Of the library: {PREFIX}{name}." if key == "extends" and name in scenarios() else ""
            problems.add(at, key, f"{quoted(str(path))}: {error}{more}")
        return None
    tree, found = _composed(data, name)
    for problem in found:
        problems.add(*problem)
    return tree


@lru_cache(maxsize=16)  # lines that differ in what is drawn or varied are read from the same files
def _composed(data: bytes, file: str) -> tuple[Mapping | None, tuple[tuple[Mark, str, str], ...]]:
    problems = Problems()
    return compose(data, file, problems), tuple(problems.found)


def _is_path(node: Scalar) -> bool:
    """Whether the text can name a file; if not, the field says so."""
    return not node.empty and node.text.isprintable() and 0 < len(node.text.strip()) <= 1000


def _base_version(root: Mapping, problems: Problems) -> None:
    version = root.entries.get("labelcast")
    if not isinstance(version, Scalar) or version.text.strip() != "1":
        mark = version.mark if version else root.mark
        problems.add(mark, "labelcast", "a file that is extended begins with `labelcast: 1`, too, but this does not.")


def _with_profile(
    root: Mapping,
    complete: bool,
    named: str,
    beside: Path,
    at: Mark | None,
    problems: Problems,
    draw: Draw | Shift | None,
) -> Layers:
    """The tree over the `scenario:` block of a profile."""
    try:
        path = profile_path(named, beside)
    except ValueError as error:
        problems.add(at or Mark(named, 1, 1), "profile" if at else "", str(error))
        return Layers(root, False)
    found = profile_tree(path, at, problems)
    if found is None:
        return Layers(root, False)
    tree, block = found
    stand_in = not isinstance(tree.entries.get("provenance"), Mapping)
    told = "" if stand_in else _backtest(tree)
    fitted, bare = fitted_of(tree, block)
    whole = over(block, root, Scenario)
    unsure = tuple(one.path for one in fitted if _stands(whole, block, one.path))
    sure = tuple(one for one in bare if _stands(whole, block, one))
    off = {}
    if draw is not None:
        whole = over(drawn(tree, block, draw), root, Scenario)
        stand = {one.variable for one in fitted if one.path in unsure}
        off = {name: value for name, value in deviates(tree, block, draw).items() if name in stand}
    return Layers(whole, complete, str(path), stand_in, _assumed(tree), told, unsure, sure, off)


def _stands(whole: Mapping, block: Mapping, path: str) -> bool:
    """Whether what a profile's block says at a path is what the merged tree says."""
    steps = path.split(".")
    return sub(whole, *steps) is sub(block, *steps)


def _backtest(tree: Mapping) -> str:
    """What a profile says of its backtest."""
    block = tree.entries.get("backtest")
    words = block.entries.get("words") if isinstance(block, Mapping) else None
    if isinstance(words, Scalar):
        return words.text
    return "The profile was not backtested: nobody knows how far off it is. Say `labelcast backtest` with its export."


def profile_tree(path: Path, at: Mark | None, problems: Problems) -> tuple[Mapping, Mapping] | None:
    """A profile's whole tree and its `scenario:` block; None, with the problem noted, where it is no profile.

    at: where a scenario names it, None where a command does.
    """
    tree = _file(path, at, "profile", problems)
    if tree is None:
        return None
    version, block = tree.entries.get("labelcast_profile"), tree.entries.get("scenario")
    if not isinstance(version, Scalar) or version.text.strip() != "1":
        mark = version.mark if version else tree.mark
        problems.add(mark, "labelcast_profile", "a profile begins with `labelcast_profile: 1`, but this does not.")
        return None
    if not isinstance(block, Mapping):
        mark = block.mark if block else tree.mark
        problems.add(mark, "scenario", "a profile has a mapping `scenario:`, but this has none. Calibrate again.")
        return None
    for key in ("labelcast", "name", "extends", "profile", "search"):
        if key in block.entries:
            problems.add(block.keys[key], f"scenario.{key}", "does not belong into a profile. Take it out.")
            block = _without(block, key)
    return tree, block


def _assumed(tree: Mapping) -> frozenset[str]:
    """Paths that the profile holds, but that were not fitted."""
    listing = tree.entries.get("assumed")
    entries = listing.items if isinstance(listing, Listing) else []
    paths = [entry.entries.get("path") for entry in entries if isinstance(entry, Mapping)]
    return frozenset(path.text for path in paths if isinstance(path, Scalar))


def over(lower: Mapping, upper: Mapping, shape: Shape) -> Mapping:
    """`upper` written over `lower`; both of this shape."""
    gone: set[str] = set()
    if isinstance(shape, type) and issubclass(shape, Part):
        for group in shape.alternatives:
            if any(key in upper.entries for key in group):
                gone |= {key for key in group if key not in upper.entries}
    kept = [key for key in lower.entries if key not in gone]
    entries: dict[str, Node] = {}
    for key in dict.fromkeys([*kept, *upper.entries]):
        below, above = lower.entries.get(key), upper.entries.get(key)
        if below is None or above is None:
            one = below or above
            assert one is not None
            entries[key] = one
        else:
            entries[key] = _merged(below, above, shape, key)
    keys = {key: upper.keys.get(key) or lower.keys[key] for key in entries}
    return Mapping(upper.mark, entries, keys)


def _merged(below: Node, above: Node, shape: Shape, key: str) -> Node:
    """What stands under a key that both files have. A short form merges as what it stands for."""
    under = shape_under(shape, key)
    if under is None or replaced(shape, key):
        return above
    long_below, long_above = (written_out(one, shape, key) for one in (below, above))
    if not isinstance(long_below, Mapping) or not isinstance(long_above, Mapping):
        return above
    both = over(long_below, long_above, under)
    return above if isinstance(above, Scalar) and both.entries == long_above.entries else both


def written_out(node: Node, shape: Shape, key: str) -> Node:
    """What stands under a key, a short form as the mapping that it stands for."""
    short = short_under(shape, key)
    if short is None or not isinstance(node, Scalar) or node.empty:
        return node
    name = short.key_of(node.text)
    return Mapping(node.mark, {name: node}, {name: node.mark})


def _without(node: Mapping, key: str) -> Mapping:
    entries = {name: one for name, one in node.entries.items() if name != key}
    return Mapping(node.mark, entries, {name: node.keys[name] for name in entries})
