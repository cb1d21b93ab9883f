"""A commented scenario on the line of a profile: what `labelcast scenario` writes.

It names the profile and copies nothing from it, so a new fit needs no new scenario. What only a planner knows is marked
as a placeholder; what the profile says stands in comments that are scenario themselves, to be taken over by taking the
# before them out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta

from .lookup import entries, sub
from .nodes import Listing, Node, Scalar
from .shelf import Told

PLAIN = re.compile(r"[A-Za-z0-9_](?:(?:[A-Za-z0-9_ %./+-]|:(?=[A-Za-z0-9]))*[A-Za-z0-9_%])?")

WIDEST = 118
"""Characters of a line; a value that needs more is left in the profile."""

COLUMN = 40
"""Where comments begin."""

NOTHING_KNOWN = 1_000
"""Items of the placeholder where the profile does not say how many there were."""

MOST_ITEMS = 1_000_000
"""Items of the placeholder at most: what a first run can do while one waits."""

MONDAY = date(2027, 1, 4)
"""Start of the placeholder where the profile has no dates."""


def scenario_text(profile: Told, named: str) -> str:
    """The scenario's text; `labelcast run` takes it as it is. named: how it names the profile."""
    start = _start(profile)
    work: dict[str, Node | None] = {**entries(sub(profile.block, "work"))} or {_segment(profile): None}
    lines = [
        *_head(profile),
        "labelcast: 1",
        _line(f"profile: {_word(named)}", "what is not written here comes from it"),
    ]
    lines.append(_line(f"start: {start}", "PLACEHOLDER: the Monday after the profile's last day; local time"))
    if profile.timezone:
        lines.append(f"timezone: {_word(profile.timezone)}")
    lines += [_line("currency: EUR", "PLACEHOLDER"), "", "work:"]
    for name, node in work.items():
        lines += [f"  {_word(name)}:", *(f"    {one}" for one in _work(profile, name, start))]
        lines += [f"    # {one}" for one in _inherited(profile, f"work.{name}", node)]
    for section, own in (("pools", _pay), ("stages", _nothing)):
        parts = entries(sub(profile.block, section))
        lines += ["", f"# {section}:"] if parts else []
        for name, node in parts.items():
            lines += [f"#   {_word(name)}:", *(f"#     {one}" for one in own(node))]
            lines += [f"#     {one}" for one in _inherited(profile, f"{section}.{name}", node)]
    return "\n".join([*lines, "", *_goals(start)]) + "\n"


def _head(profile: Told) -> Iterator[str]:
    if profile.stand_in:
        yield f"# A plan on the line of the profile {profile.name}, which was fitted to nobody's data."
    else:
        there = f"{profile.labels:,} labels" + (f" of {profile.items:,} items" if profile.items else "")
        by = f" by {profile.workers:,} workers" if profile.workers else ""
        yield f"# A plan on the line of the profile {profile.name}: {there}{by},"
        yield f"# from {profile.first} to {profile.last}."
    yield "# Check it with `labelcast check FILE`, run it with `labelcast run FILE`; all keys: docs/scenario-file.md."
    yield "# PLACEHOLDER marks what no export knows: write your own. Behind other # is what the profile says, or what"
    yield "# you may add: take the # out, and that of the names above it. What is written here wins over the profile."


def _start(profile: Told) -> date:
    try:
        last = date.fromisoformat(profile.last[:10])
        return last + timedelta(days=7 - last.weekday())
    except (ValueError, OverflowError):
        return MONDAY


def _segment(profile: Told) -> str:
    """The name of the segment of which a profile says nothing that a scenario inherits."""
    named = (path.split(".")[1] for path in profile.fitted if path.startswith("work.") and path.count(".") > 1)
    return next(named, "items")


def _work(profile: Told, name: str, start: date) -> Iterator[str]:
    """The work ahead of one segment: of a crowd its largest batch, else a week's of the log, or all of it where that is
    less."""
    known = profile.fitted.get(f"work.{name}.arrivals.rate")
    rate = None if known is None else min(MOST_ITEMS, max(1, round(known.value)))
    items = min(MOST_ITEMS, profile.items or NOTHING_KNOWN)
    batch = _batch(profile)
    if batch is not None:
        yield _line(f"backlog: {batch:_} items", "PLACEHOLDER: the export's largest batch; a run is one batch", 4)
    elif rate is not None and rate < items:
        yield _line(f"backlog: {rate:_} items", "PLACEHOLDER: a week of the export's", 4)
    else:
        why = "as many as the export held" if profile.items else "a number as good as any"
        yield _line(f"backlog: {items:_} items", f"PLACEHOLDER: {why}", 4)
    told = "items as they come, instead of or beside those there at the start"
    if known is not None and known.low is not None and known.high is not None:
        told = f"as in the export; 95%: {known.low:,.0f} to {known.high:,.0f}"
    until = start + timedelta(weeks=12)
    yield _line(f"# arrivals: {{rate: {rate or items:_} items/week, until: {until}}}", told, 4)
    yield _line("# due: 5 days", "after arrival", 4)


def _batch(profile: Told) -> int | None:
    """Items of the largest batch that a crowd's profile rests on, None for a staff."""
    for name in entries(sub(profile.block, "pools")):
        tasks = sub(profile.block, "pools", name, "sessions", "pull", "tasks")
        if isinstance(tasks, Scalar) and (count := re.match(r"\d+", tasks.text)):
            each = [profile.fitted[one].value for one in profile.fitted if one.endswith(".labels_per_item")]
            return max(1, round(int(count[0]) / max(each, default=1.0)))
    return None


def _pay(node: Node) -> Iterator[str]:
    """What the planner adds to a pool: a crowd is paid by the label, staff by the hour, unless they say otherwise."""
    pay, other = "{per_label: 0.05 EUR}", "{hourly: 25 EUR}"
    if "sessions" not in entries(node):
        pay, other = other, pay
    yield _line(f"pay: {pay}", f"PLACEHOLDER, or {other}; without pay a line costs nothing", 6)


def _nothing(node: Node) -> Iterator[str]:
    yield from ()


def _inherited(profile: Told, path: str, node: Node | None) -> Iterator[str]:
    """What the profile says of a part, a line a key, each with its intervals as far as they fit."""
    for key, value in entries(node).items():
        text = f"{_word(key)}: {_flow(value)}"
        if len(text) <= WIDEST - 6:
            yield _line(text, _intervals(profile, f"{path}.{key}", value), 6)
        elif len(entries(value)):
            yield f"{_word(key)} of the profile, with {len(entries(value))} entries, is too long to stand here."


def _intervals(profile: Told, path: str, value: Node) -> str:
    """The intervals of the fitted numbers at or under a path, in percent where the value is."""
    found = {one: known for one, known in profile.fitted.items() if one == path or one.startswith(f"{path}.")}
    parts = []
    for one, known in found.items():
        if known.low is not None and known.high is not None:
            leaf = value if one == path else sub(value, *one.removeprefix(f"{path}.").split("."))
            percent = isinstance(leaf, Scalar) and leaf.text.endswith("%")
            low, high = (f"{100 * end:.4g}%" if percent else f"{end:.4g}" for end in (known.low, known.high))
            name = "" if len(found) == 1 else one.rpartition(".")[2] + " "
            parts.append(f"{name}{low} to {high}")
    sizes = {known.n for known in found.values() if known.n}
    n = [f"n = {sizes.pop()}"] if len(sizes) == 1 else []
    return ", ".join([*(["95%: " + ", ".join(parts)] if parts else []), *n])


def _goals(start: date) -> Iterator[str]:
    yield "# goals:"
    yield _line(f"#   deadline: {start + timedelta(weeks=4)}", "PLACEHOLDER")
    yield _line('#   accuracy: ">= 95%"', "of what is delivered")
    yield _line("#   budget: 10_000 EUR", "needs pay")
    yield _line('#   on_time: ">= 90%"', "needs `due`")


def _line(text: str, comment: str, indent: int = 0) -> str:
    """A line with its comment at the side, without one where both are too wide. indent: what comes before it."""
    whole = f"{text:<{max(0, COLUMN - indent)}}  # {comment}"
    return whole if comment and len(whole) + indent <= WIDEST else text


def _flow(node: Node) -> str:
    """A value on one line."""
    if isinstance(node, Scalar):
        return _word(node.text)
    if isinstance(node, Listing):
        return "[" + ", ".join(map(_flow, node.items)) + "]"
    return "{" + ", ".join(f"{_word(key)}: {_flow(value)}" for key, value in node.entries.items()) + "}"


def _word(text: str) -> str:
    """A key or a single value as YAML; every one is text to a scenario, so that numbers need no quotes."""
    plain = PLAIN.fullmatch(text) and text.lower() not in ("null", "~")
    return text if plain else json.dumps(text, ensure_ascii=False)
