"""Names that a scenario uses against the names that it has: pools, calendars, stages, segments, classes. Read off the
tree, so that these are told together with everything else."""

from __future__ import annotations

from ..sim.line import GOLD
from .check import Loc
from .lookup import Lookup, calendars, check_hours, classes_of, entries, sub
from .nodes import Listing, Mapping, Node, Scalar
from .problems import Problems
from .spec import ALWAYS
from .stage_keys import check_stage

STAFF_KEYS = ("calendar", "overtime", "overtime_cap", "utilisation_cap", "absence", "turnover", "mentoring", "masters")
"""Keys of a pool that belong to staff, and not to a crowd."""


def check_references(root: Mapping, problems: Problems) -> None:
    """Adds a problem for each name that is not there."""
    names = Lookup(root, problems)
    _check(names)
    for segment, node in names.each("work"):
        _segment(names, segment, node)
    for pool, node in names.each("pools"):
        _pool(names, pool, node)
    for stage, node in names.each("stages"):
        check_stage(names, stage, node)


def _check(names: Lookup) -> None:
    if ALWAYS in names.names("calendars"):
        message = f"`{ALWAYS}` exists by itself and cannot be written. Choose another name."
        names.add(("calendars", ALWAYS, "[key]"), message)
    names.known(("first",), names.names("stages"), "stage")
    for name in entries(sub(names.root, "sampling", "spreads")):
        names.key(("sampling", "spreads", name), names.names("work"), "segment")
    for site, node in names.each("sites"):
        for name in entries(sub(node, "delays")):
            if name == site:
                names.add(("sites", site, "delays", name, "[key]"), "a site is no way from itself. Take it out.")
            else:
                names.key(("sites", site, "delays", name), names.names("sites"), "site")
    for name in entries(sub(names.root, "goals", "windows")):
        names.known(("goals", "windows", name, "segment"), names.names("work"), "segment")
    for name in entries(sub(names.root, "charts")):
        names.known(("charts", name, "watch"), [GOLD, *names.names("stages")], "stage")
    changes = sub(names.root, "changes")
    for number in range(len(changes.items) if isinstance(changes, Listing) else 0):
        _change(names, ("changes", number))


def _segment(names: Lookup, segment: str, node: Node) -> None:
    at: Loc = ("work", segment)
    classes = classes_of(node)
    check_hours(names, (*at, "arrivals", "calendar"), "arrivals follow")
    names.known((*at, "granularity"), names.names("granularities"), "granularity")
    for name in entries(sub(node, "class_effects")):
        names.key((*at, "class_effects", name), classes, "class")
    for table in ("confusions", "error_costs"):
        for name, labels in entries(sub(node, table)).items():
            names.key((*at, table, name), classes, "class")
            for label in entries(labels):
                if label == name:
                    message = "a class is not mistaken for itself. Take it out."
                    names.add((*at, table, name, label, "[key]"), message)
                else:
                    names.key((*at, table, name, label), classes, "class")


def _pool(names: Lookup, pool: str, node: Node) -> None:
    at: Loc = ("pools", pool)
    names.known((*at, "calendar"), calendars(names), "calendar")
    check_hours(names, (*at, "sessions", "calendar"), "visits follow")
    for name in entries(sub(node, "class_effects")):
        names.key((*at, "class_effects", name), names.classes(), "class")
    for table in ("segment_effects", "segment_times", "masters", "weights"):
        for name in entries(sub(node, table)):
            names.key((*at, table, name), names.names("work"), "segment")
    names.known((*at, "site"), names.names("sites"), "site")
    names.known((*at, "pay"), names.names("contracts"), "contract")
    names.known((*at, "pay", "contract"), names.names("contracts"), "contract")
    crowd = "sessions" in entries(node)
    if crowd and "headcount" in entries(node):
        return  # told by the pool itself
    for key in STAFF_KEYS if crowd else ("tasks_per_session",):
        if key in entries(node):
            whose, what = ("staff", "a crowd") if crowd else ("a crowd", "staff")
            names.add((*at, key, "[key]"), f"belongs to {whose}, but this pool is {what}. Take it out.")


def _change(names: Lookup, at: Loc) -> None:
    names.known((*at, "train", "pool"), names.names("pools"), "pool")
    names.known((*at, "relabel", "to"), names.names("stages"), "stage")
    names.known((*at, "relabel", "segment"), names.names("work"), "segment")
    pools = names.at((*at, "dip", "pools"))
    for number, one in enumerate(pools.items if isinstance(pools, Listing) else ()):
        if isinstance(one, Scalar) and one.text not in names.names("pools"):
            names.add((*at, "dip", "pools", number), names.unknown(one.text, names.names("pools"), "pool"))
