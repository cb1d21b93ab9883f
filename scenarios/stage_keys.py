"""Which key of a stage belongs to which kind, and the names that a stage uses."""

from __future__ import annotations

from ..sim.line import DELIVER, MACHINE, OUTCOMES, Kind
from .check import Loc
from .lookup import Lookup, check_hours, entries, sub, text_at
from .nodes import Listing, Mapping, Node, Scalar
from .problems import listed
from .spec.stages import OWN_KEYS


def check_stage(names: Lookup, stage: str, node: Node) -> None:
    """Adds a problem for each name that is not there, and for each key of another kind of stage."""
    at: Loc = ("stages", stage)
    stages = names.names("stages")
    if stage == DELIVER:
        names.add((*at, "[key]"), f"`{DELIVER}` is the end of the line and no stage. Choose another name.")
    _pools(names, at, sub(node, "pools"))
    for key in ("to", "then"):
        names.known((*at, "on_reject", key), [*stages, DELIVER], "stage")
    names.known((*at, "escalation", "to"), [one for one in stages if one != stage], "other stage")
    for name in entries(sub(node, "fraction", "segments")):
        names.key((*at, "fraction", "segments", name), names.names("work"), "segment")
    for name in entries(sub(node, "fraction", "classes")):
        names.key((*at, "fraction", "classes", name), names.classes(), "class")
    _listed(names, (*at, "fraction", "risk", "misses"), sub(node, "fraction", "risk", "misses"))
    _questions(names, at, node)
    for name in entries(sub(node, "model", "class_effects")):
        names.key((*at, "model", "class_effects", name), names.classes(), "class")
    for outcome, way in entries(sub(node, "next")).items():
        names.known((*at, "next", outcome), [*stages, DELIVER], "stage")
        for name in entries(way):
            names.key((*at, "next", outcome, name), [*stages, DELIVER], "stage")
    written = text_at(sub(node, "kind"))
    kind = next((known for known in OUTCOMES if known == (written or stage)), None)
    if kind is not None:
        _of_kind(names, at, node, kind)
    elif written is None and isinstance(node, Mapping) and "kind" not in node.entries:
        message = f"a stage of another name says its kind ({listed(OUTCOMES)}). Write `kind: review`."
        names.add((*at, "[key]"), message)


def _questions(names: Lookup, at: Loc, node: Node) -> None:
    """Where and when questions are answered, and what has no place beside them."""
    if "questions" not in entries(node):
        return
    names.known((*at, "questions", "site"), names.names("sites"), "site")
    check_hours(names, (*at, "questions", "calendar"), "answers follow")
    for other in ("skip", "lock"):
        if other in entries(node):
            message = f"cannot stand beside `{other}`: one task would be put away twice. Take one of them out."
            names.add((*at, "questions", "[key]"), message)


def _listed(names: Lookup, at: Loc, listing: Node | None) -> None:
    """Adds a problem for each class in a list that there is not."""
    for number, one in enumerate(listing.items if isinstance(listing, Listing) else ()):
        if isinstance(one, Scalar) and one.text not in names.classes():
            names.add((*at, number), names.unknown(one.text, names.classes(), "class"))


def _pools(names: Lookup, at: Loc, listing: Node | None) -> None:
    pools = names.names("pools")
    if pools and isinstance(listing, Listing):
        for number, one in enumerate(listing.items):
            if isinstance(one, Scalar) and one.text not in pools:
                names.add((*at, "pools", number), names.unknown(one.text, pools, "pool"))
    elif pools:
        for name in entries(listing):
            names.key((*at, "pools", name), pools, "pool")


def _of_kind(names: Lookup, at: Loc, node: Node, kind: Kind) -> None:
    for key, owners in OWN_KEYS.items():
        if key in entries(node) and kind not in owners:
            rule = f"belongs to {' and '.join(owners)} stages" if len(owners) < 4 else "belongs to stages of people"
            names.add((*at, key, "[key]"), f"{rule}, but this one is {kind}. Take it out.")
    if kind not in MACHINE and isinstance(node, Mapping) and "pools" not in node.entries:
        message = "is missing. Share of the items that each pool gets. Write it like `pools: [team]`."
        names.add((*at, "pools"), message)
    for outcome in entries(sub(node, "next")):
        names.key((*at, "next", outcome), OUTCOMES[kind], f"outcome of {kind}")
    for outcome, key in (("rejected", "to"), ("exhausted", "then")):
        if outcome in entries(sub(node, "next")) and key in entries(sub(node, "on_reject")):
            message = f"says what on_reject.{key} says already. Take one of them out."
            names.add((*at, "next", outcome, "[key]"), message)
