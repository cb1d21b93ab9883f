"""Names that a scenario uses against the names that it has: pools, calendars, stages, classes; and which key belongs
to which kind of stage. Read off the tree, so that these are told together with everything else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..sim.line import DELIVER, OUTCOMES
from .check import Loc, place
from .problems import Problems, guess, listed, quoted
from .spec import ALWAYS, Segment
from .text import Listing, Mapping, Node, Scalar

OWN_KEYS = {"labels_per_item": "annotate", "rework_by": "annotate", "fraction": "review", "on_reject": "review"}
"""Keys of a stage that belong to one kind."""


def check_references(root: Mapping, problems: Problems) -> None:
    """Adds a problem for each name that is not there."""
    _References(root, problems).check()


@dataclass(frozen=True)
class _References:
    root: Mapping
    problems: Problems

    def check(self) -> None:
        """Goes through calendars, work, pools and stages."""
        calendars = [*self._names("calendars"), ALWAYS]
        if ALWAYS in self._names("calendars"):
            message = f"`{ALWAYS}` exists by itself and cannot be written. Choose another name."
            self._add(("calendars", ALWAYS, "[key]"), message)
        classes: list[str] = []
        for segment, node in self._each("work"):
            own = list(_entries(_sub(node, "classes"))) or list(Segment.model_fields["classes"].default)
            classes += own
            self._segment(segment, node, own, calendars)
        for pool, node in self._each("pools"):
            self._known(("pools", pool, "calendar"), calendars, "calendar")
            for name in _entries(_sub(node, "class_effects")):
                self._key(("pools", pool, "class_effects", name), list(dict.fromkeys(classes)), "class")
        for stage, node in self._each("stages"):
            self._stage(stage, node)

    def _segment(self, segment: str, node: Node, classes: list[str], calendars: list[str]) -> None:
        at: Loc = ("work", segment)
        self._known((*at, "arrivals", "calendar"), calendars, "calendar")
        calendar = _text(_sub(node, "arrivals", "calendar"))
        if calendar and _sub(self.root, "calendars", calendar, "availability") is not None:
            message = f"{quoted(calendar)} has availability, but arrivals follow hours. Name a calendar with hours."
            self._add((*at, "arrivals", "calendar"), message)
        for name in _entries(_sub(node, "class_effects")):
            self._key((*at, "class_effects", name), classes, "class")
        for name, labels in _entries(_sub(node, "confusions")).items():
            self._key((*at, "confusions", name), classes, "class")
            for label in _entries(labels):
                if label == name:
                    self._add(
                        (*at, "confusions", name, label, "[key]"), "a class is not mistaken for itself. Take it out."
                    )
                else:
                    self._key((*at, "confusions", name, label), classes, "class")

    def _stage(self, stage: str, node: Node) -> None:
        at: Loc = ("stages", stage)
        if stage == DELIVER:
            self._add((*at, "[key]"), f"`{DELIVER}` is the end of the line and no stage. Choose another name.")
        pools, listing = self._names("pools"), _sub(node, "pools")
        if pools and isinstance(listing, Listing):
            for number, one in enumerate(listing.items):
                if isinstance(one, Scalar) and one.text not in pools:
                    self._add((*at, "pools", number), self._unknown(one.text, pools, "pool"))
        elif pools:
            for name in _entries(listing):
                self._key((*at, "pools", name), pools, "pool")
        stages = self._names("stages")
        for key in ("to", "then"):
            self._known((*at, "on_reject", key), [*stages, DELIVER], "stage")
        for outcome in _entries(_sub(node, "next")):
            self._known((*at, "next", outcome), [*stages, DELIVER], "stage")
        written = _text(_sub(node, "kind"))
        kind = next((known for known in OUTCOMES if known == (written or stage)), None)
        if kind is None:
            if written is None and isinstance(node, Mapping) and "kind" not in node.entries:
                message = f"a stage of another name says its kind ({listed(OUTCOMES)}). Write `kind: review`."
                self._add((*at, "[key]"), message)
            return
        for key, owner in OWN_KEYS.items():
            if key in _entries(node) and owner != kind:
                self._add((*at, key, "[key]"), f"belongs to {owner} stages, but this one is {kind}. Take it out.")
        for outcome in _entries(_sub(node, "next")):
            self._key((*at, "next", outcome), OUTCOMES[kind], f"outcome of {kind}")
        for outcome, key in (("rejected", "to"), ("exhausted", "then")):
            if outcome in _entries(_sub(node, "next")) and key in _entries(_sub(node, "on_reject")):
                message = f"says what on_reject.{key} says already. Take one of them out."
                self._add((*at, "next", outcome, "[key]"), message)

    def _names(self, section: str) -> list[str]:
        return list(_entries(_sub(self.root, section)))

    def _each(self, section: str) -> Iterator[tuple[str, Node]]:
        yield from _entries(_sub(self.root, section)).items()

    def _known(self, loc: Loc, known: Iterable[str], what: str) -> None:
        """The value at `loc`, where there is one, must be a known name."""
        text = _text(_sub(self.root, *(str(step) for step in loc)))
        if text is not None and text not in known:
            self._add(loc, self._unknown(text, known, what))

    def _key(self, loc: Loc, known: Iterable[str], what: str) -> None:
        """The last key of `loc` must be a known name."""
        if str(loc[-1]) not in known:
            self._add((*loc, "[key]"), self._unknown(str(loc[-1]), known, what))

    def _unknown(self, name: str, known: Iterable[str], what: str) -> str:
        return f"no {what} is named {quoted(name)} (there are: {listed(known)}).{guess(name, known)}"

    def _add(self, loc: Loc, message: str) -> None:
        mark, path = place(self.root, loc)
        self.problems.add(mark, path, message)


def _sub(node: Node | None, *keys: str) -> Node | None:
    for key in keys:
        node = node.entries.get(key) if isinstance(node, Mapping) else None
    return node


def _entries(node: Node | None) -> dict[str, Node]:
    return node.entries if isinstance(node, Mapping) else {}


def _text(node: Node | None) -> str | None:
    return node.text if isinstance(node, Scalar) and not node.empty else None
