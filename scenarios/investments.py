"""What of `changes` is an investment, and a scenario without it.

Entries with the same `why` are one investment: a tool may have a cost, and an effect on more than one key. What only
happens to the line (a change of `work` that nobody pays for) is no investment, unless it is asked for by name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..sim.errors import ScenarioRefused
from .layers import merged
from .nodes import Listing, Mapping, Node, Scalar
from .problems import Problems, guess, listed, quoted

PAID = ("cost", "running", "train")
"""Keys of an entry that somebody pays for, whatever else it does."""


@dataclass(frozen=True)
class Investment:
    """name: its `why`, else what changes and its number.  entries: places in `changes`, from 0.  asked: of those that
    are looked at where nobody names one."""

    name: str
    entries: tuple[int, ...]
    asked: bool = True


def investments(root: Mapping) -> list[Investment]:
    """All that `changes` has, in its order. The tree is that of a scenario that breaks no rule."""
    together: dict[str, list[int]] = {}
    entries = _entries(root)
    for number, entry in enumerate(entries):
        together.setdefault(_word(entry, "why") or f"change {number + 1}{_path(entry)}", []).append(number)
    return [
        Investment(name, tuple(numbers), any(_decided(entries[number]) for number in numbers))
        for name, numbers in together.items()
    ]


def planned(path: Path, profile: Path | None = None) -> list[Investment]:
    """The investments of a scenario file that can be loaded."""
    problems = Problems()
    layers = merged(path, profile, problems)
    problems.stop()
    assert layers is not None
    return investments(layers.root)


def chosen(found: Sequence[Investment], word: str | None, file: str) -> list[Investment]:
    """The investment that a word names, by its name or by the number of an entry, from 1; without a word all that are
    decisions. Raises ScenarioRefused where there is none."""
    if not found:
        told = "`changes` has no entry, so there is nothing to invest in"
        raise ScenarioRefused(f"{file}: {told}. Write one, as in `{{on: 2027-03-01, cost: 900 EUR, why: tool}}`.")
    if word is None:
        asked = [one for one in found if one.asked]
        if asked:
            return asked
        there = listed(quoted(one.name) for one in found)
        told = f"`changes` only tells what happens to the work ({there}), and nothing is paid for"
        raise ScenarioRefused(f"{file}: {told}. Name one with --change, or give an entry a `cost`.")
    same = [one for one in found if " ".join(one.name.split()) == " ".join(word.split())]
    if not same and word.strip().isascii() and word.strip().isdigit():
        same = [one for one in found if int(word[:9]) - 1 in one.entries]
    if same:
        return same
    names = [one.name for one in found]
    last = max(number for one in found for number in one.entries) + 1
    there = f"there are: {listed(quoted(name) for name in names)}, and numbers 1 to {last}"
    raise ScenarioRefused(f"--change {word}: no entry of `changes` has this `why` ({there}).{guess(word, names)}")


def without(root: Mapping, entries: Collection[int]) -> Mapping:
    """The tree with these entries of `changes` taken out."""
    listing = root.entries.get("changes")
    if not isinstance(listing, Listing) or not entries:
        return root
    kept = [item for number, item in enumerate(listing.items) if number not in entries]
    return Mapping(root.mark, root.entries | {"changes": Listing(listing.mark, kept)}, root.keys)


def _entries(root: Mapping) -> list[Mapping]:
    listing = root.entries.get("changes")
    items: Iterable[Node] = listing.items if isinstance(listing, Listing) else ()
    return [item for item in items if isinstance(item, Mapping)]


def _decided(entry: Mapping) -> bool:
    """Whether somebody decides on it, rather than that it happens."""
    return any(key in entry.entries for key in PAID) or not _word(entry, "path").startswith("work.")


def _path(entry: Mapping) -> str:
    path = _word(entry, "path")
    return f": {path}" if path else ""


def _word(entry: Mapping, key: str) -> str:
    node = entry.entries.get(key)
    return node.text.strip() if isinstance(node, Scalar) else ""
