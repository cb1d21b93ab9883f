"""Looking up names in the tree of a scenario, and telling which are not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .check import Loc, place
from .nodes import Listing, Mapping, Node, Scalar
from .problems import Problems, guess, listed, quoted
from .spec import ALWAYS, Segment


@dataclass(frozen=True)
class Lookup:
    """The names of a tree, and where problems with them go."""

    root: Mapping
    problems: Problems

    def names(self, section: str) -> list[str]:
        """The names of a section."""
        return list(entries(sub(self.root, section)))

    def each(self, section: str) -> Iterator[tuple[str, Node]]:
        """The entries of a section."""
        yield from entries(sub(self.root, section)).items()

    def at(self, loc: Loc) -> Node | None:
        """What stands at `loc`."""
        node: Node | None = self.root
        for step in loc:
            if isinstance(step, int):
                node = node.items[step] if isinstance(node, Listing) and step < len(node.items) else None
            else:
                node = sub(node, step)
        return node

    def known(self, loc: Loc, known: Iterable[str], what: str) -> None:
        """The value at `loc`, where there is one, must be a known name."""
        text = text_at(self.at(loc))
        if text is not None and text not in known:
            self.add(loc, self.unknown(text, known, what))

    def key(self, loc: Loc, known: Iterable[str], what: str) -> None:
        """The last key of `loc` must be a known name."""
        if str(loc[-1]) not in known:
            self.add((*loc, "[key]"), self.unknown(str(loc[-1]), known, what))

    def unknown(self, name: str, known: Iterable[str], what: str) -> str:
        """What is told of a name that is not there."""
        there = f"there are: {listed(known)}" if known else "there are none"
        return f"no {what} is named {quoted(name)} ({there}).{guess(name, known)}"

    def add(self, loc: Loc, message: str) -> None:
        """Notes a problem."""
        mark, path = place(self.root, loc)
        self.problems.add(mark, path, message)

    def classes(self) -> list[str]:
        """The classes of all segments."""
        found = [one for _, node in self.each("work") for one in classes_of(node)]
        return list(dict.fromkeys(found))


def classes_of(segment: Node) -> list[str]:
    """The classes of a segment, by default if it has none of its own."""
    return list(entries(sub(segment, "classes"))) or list(Segment.model_fields["classes"].default)


def sub(node: Node | None, *keys: str) -> Node | None:
    """What stands under these keys, None for nothing."""
    for key in keys:
        node = node.entries.get(key) if isinstance(node, Mapping) else None
    return node


def entries(node: Node | None) -> dict[str, Node]:
    """The entries of a mapping; none of anything else."""
    return node.entries if isinstance(node, Mapping) else {}


def text_at(node: Node | None) -> str | None:
    """The text of a single value."""
    return node.text if isinstance(node, Scalar) and not node.empty else None


def calendars(names: Lookup) -> list[str]:
    """Those that can be named."""
    return [*names.names("calendars"), ALWAYS]


def check_hours(names: Lookup, loc: Loc, what: str) -> None:
    """The calendar at `loc` is known and has hours."""
    names.known(loc, calendars(names), "calendar")
    calendar = text_at(sub(names.root, *(str(step) for step in loc)))
    if calendar and sub(names.root, "calendars", calendar, "availability") is not None:
        message = f"{quoted(calendar)} has availability, but {what} hours. Name a calendar with hours."
        names.add(loc, message)
