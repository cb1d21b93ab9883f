"""The tree against the models: every broken rule with its place, in the planner's words."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from .nodes import Listing, Mapping, Node, Scalar
from .problems import Mark, Problems, guess, listed, near, quoted
from .shape import Shape, known_keys, shape_under, short_under
from .spec import Scenario
from .units import CURRENCIES

Loc = tuple[str | int, ...]


def check(root: Mapping, complete: bool, problems: Problems) -> Scenario | None:
    """The scenario that the tree holds, None if it breaks a rule. complete: keys that are missing are told."""
    empty: set[Loc] = set()
    plain = _plain(root, (), root, empty, problems)
    written = root.entries.get("currency")
    currency = written.text.strip() if isinstance(written, Scalar) else None
    rates = root.entries.get("exchange")
    known = currency if currency in CURRENCIES else None
    context = {"currency": known, "exchange": list(rates.entries) if isinstance(rates, Mapping) else []}
    try:
        return Scenario.model_validate(plain, context=context)
    except ValidationError as broken:
        errors = broken.errors(include_url=False)
        told = empty | {meant for error in errors if (meant := _meant(error))}
        for error in errors:
            loc, kind = error["loc"], error["type"]
            if kind == "too_short" and any(one["loc"][: len(loc)] == loc != one["loc"] for one in errors):
                continue  # entries are there, but each breaks a rule of its own
            if kind not in ("missing", "incomplete") or (complete and loc not in told):
                mark, path = place(root, (*loc, "[key]") if kind == "extra_forbidden" else loc)
                problems.add(mark, path, _words(error))
        return None


def place(root: Mapping, loc: Loc) -> tuple[Mark, str]:
    """Where a value stands and its path, as far as the tree has it; of a mapping or a list, where its key stands."""
    node: Node = root
    mark, path = root.mark, []
    for step in loc:
        if step == "[key]":
            break
        if isinstance(node, Mapping) and step in node.entries:
            key_mark, node = node.keys[str(step)], node.entries[str(step)]
            mark = node.mark if isinstance(node, Scalar) else key_mark
        elif isinstance(node, Listing) and isinstance(step, str):
            continue  # the key that a list stands for
        elif isinstance(node, Listing) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            mark = node.mark
        else:
            path += [str(step)] if isinstance(node, Mapping) and step == loc[-1] else []
            break
        path += [_short(step)] if isinstance(step, str) else []
    return (_key_mark(root, loc) or mark), ".".join(path)


def _key_mark(root: Mapping, loc: Loc) -> Mark | None:
    """Where a key stands, for a location that ends in a key that breaks a rule itself."""
    if not loc or loc[-1] != "[key]":
        return None
    node: Node = root
    for step in loc[:-2]:
        if not isinstance(node, Mapping) or step not in node.entries:
            return None
        node = node.entries[str(step)]
    return node.keys.get(str(loc[-2])) if isinstance(node, Mapping) else None


def _short(key: str) -> str:
    flat = " ".join(key.split())
    return flat if len(flat) <= 40 else f"{flat[:37]}..."


def _plain(node: Node, loc: Loc, root: Mapping, empty: set[Loc], problems: Problems) -> Any:
    """The tree as dicts, lists and texts; keys without a value are told and left out."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Listing):
        return [_plain(item, (*loc, number), root, empty, problems) for number, item in enumerate(node.items)]
    out = {}
    for key, value in node.entries.items():
        here = (*loc, key)
        if isinstance(value, Scalar) and value.empty:
            empty.add(here)
            _, path = place(root, here)
            message = "has no value. Write one, or take the key out."
            known = known_keys(_shape_at(loc))
            if known and key not in known:
                message = (
                    "no such key, and no value. If it is part of a text with a comma, put that in quotation marks."
                )
            problems.add(node.keys[key], path, message)
        else:
            out[key] = _plain(value, here, root, empty, problems)
    return out


def _meant(error: Any) -> Loc | None:
    """The key that an unknown one was meant to be: it is not missing then."""
    loc = error["loc"]
    if error["type"] != "extra_forbidden":
        return None
    return next(((*loc[:-1], key) for key in near(str(loc[-1]), known_keys(_shape_at(loc[:-1])))), None)


def _words(error: Any) -> str:
    """What an error of pydantic's means to the planner."""
    loc, kind = error["loc"], error["type"]
    if kind == "incomplete":
        return str(error["msg"])
    if kind == "value_error":
        return str(error["ctx"]["error"])
    if kind == "extra_forbidden":
        known = known_keys(_shape_at(loc[:-1]))
        return f"no such key (there are: {listed(known, 20)}).{guess(str(loc[-1]), known) or ' Take it out.'}"
    if kind == "missing":
        return _missing(loc)
    if kind == "too_long":
        return f"holds at most {error['ctx']['max_length']} entries, but got {len(error['input'])}."
    if kind == "too_short":
        return "holds at least one entry, but got none. Write one."
    if kind in ("tuple_type", "list_type"):
        found = f"the text {quoted(error['input'])}" if isinstance(error["input"], str) else "a mapping"
        return f"must be a list (`- ...` lines), but got {found}."
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        found = f"the text {quoted(error['input'])}" if isinstance(error["input"], str) else "a list"
        known = known_keys(_shape_at(loc))
        keys = f" Its keys are: {listed(known)}." if known else ""
        if loc and short_under(_shape_at(loc[:-1]), str(loc[-1])) is not None:
            return f"must be a mapping, or short as {_example(loc)}, but got {found}.{keys}"
        return f"must be a mapping (`key: value` lines), but got {found}.{keys}"
    raise AssertionError(f"no words for {error}")


def _missing(loc: Loc) -> str:
    shape = _shape_at(loc[:-1])
    assert isinstance(shape, type)
    return f"is missing. {shape.model_fields[str(loc[-1])].description} Write it like {_example(loc)}."


def _example(loc: Loc) -> str:
    """The key at `loc` with its example."""
    shape, key = _shape_at(loc[:-1]), str(loc[-1])
    assert isinstance(shape, type)
    examples = shape.model_fields[key].examples
    return f"`{key}: {examples[0] if examples else '...'}`"


def _shape_at(loc: Loc) -> Shape:
    shape: Shape = Scenario
    for step in loc:
        shape = shape_under(shape, str(step))
    return shape
