"""What is published from the models: the JSON Schema of scenario files, for editors, and the page of all keys.

Editors' YAML servers read draft-07 and no later one. Keys that are required are not required by the schema, because a
file may take them from one that it extends, or from a profile; `labelcast check` tells what is missing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .parts import Part
from .shape import Listed, Named, Shape, shape_under
from .spec import Scenario

FILE = Path(__file__).with_name("scenario.schema.json")
"""Where the schema is kept; `python -m labelcast.scenarios.publish` writes it anew."""

_DROPPED = frozenset({"assumed", "title", "default"})
"""Words of the models that a schema does not need. Defaults are in the page, in the scenario's own words."""


def schema() -> dict[str, Any]:
    """The JSON Schema (draft-07) of scenario files."""
    made = Scenario.model_json_schema()
    out = {"$schema": "http://json-schema.org/draft-07/schema#", "title": "labelcast scenario"}
    converted: dict[str, Any] = _draft07(made)
    converted["required"] = ["labelcast"]
    return out | converted


def schema_text() -> str:
    """The schema as the file that is kept."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _draft07(node: Any, names: bool = False) -> Any:
    """2020-12 as draft-07: definitions, tuples, and nothing beside a $ref, which draft-07 would not read.

    names: the keys of this mapping are names and not words of JSON Schema.
    """
    if isinstance(node, list):
        return [_draft07(one) for one in node]
    if not isinstance(node, dict):
        return node
    if names:
        return {name: _draft07(one) for name, one in node.items()}
    out: dict[str, Any] = {}
    for word, value in node.items():
        if word in _DROPPED or (word == "required" and value != ["rest"]):
            continue
        if word == "$ref":
            out[word] = value.replace("#/$defs/", "#/definitions/")
        elif word == "prefixItems":
            out["items"] = _draft07(value)
        else:
            new = "definitions" if word == "$defs" else word
            out[new] = _draft07(value, names=word in ("properties", "patternProperties", "$defs"))
    if "patternProperties" in out:
        out.setdefault("additionalProperties", False)
    if "anyOf" in out:  # a key without a value is refused, so nothing is ever null
        either = [one for one in out["anyOf"] if one != {"type": "null"}]
        out = {**out, "anyOf": either} if len(either) > 1 else {**either[0], **_without_any(out)}
    if "$ref" in out and len(out) > 1:
        out = {"allOf": [{"$ref": out.pop("$ref")}], **out}
    return out


def _without_any(node: dict[str, Any]) -> dict[str, Any]:
    return {word: value for word, value in node.items() if word != "anyOf"}


def page() -> str:
    """docs/scenario-file.md: every key, what it means, how it is written, its default."""
    return "\n".join([_HEAD, *_section("", Scenario), *_sections(Scenario, "", {}), ""])


def _sections(shape: Shape, path: str, told: dict[type[Part], str]) -> Iterator[str]:
    """A section for each mapping below; told: where each kind of mapping has its table already."""
    if not isinstance(shape, type):
        return
    for key in shape.model_fields:
        under = shape_under(shape, key)
        inner = under.of if isinstance(under, Named | Listed) else under
        here = f"{path}.{key}".lstrip(".")
        if not isinstance(inner, type):
            continue
        where = f"{here}.{_ANY[type(under)]}" if isinstance(under, Named | Listed) else here
        if inner in told:
            yield f"\n## `{where}`\n\nThe keys of `{told[inner]}`."
            continue
        told[inner] = where
        yield from _section(where, inner)
        yield from _sections(inner, where, told)


_ANY: dict[type, str] = {Named: "<name>", Listed: "<number>"}
"""How a page names any entry of a mapping by name, or of a list."""


def _section(path: str, part: type[Part]) -> Iterator[str]:
    yield f"\n## {f'`{path}`' if path else 'The file'}\n"
    yield " ".join((part.__doc__ or "").split()) + "\n"
    for group in part.alternatives:
        yield f"At most one of {', '.join(f'`{key}`' for key in group)}.\n"
    yield "| key | meaning | written like | default |"
    yield "|---|---|---|---|"
    for key, info in part.model_fields.items():
        example = f"`{info.examples[0]}`" if info.examples else ""
        yield f"| `{key}` | {info.description} | {example} | {_default(info, shape_under(part, key))} |"


def _default(info: Any, under: Shape) -> str:
    if info.is_required():
        return "required"
    value = info.default
    mark = " (listed as an assumption)" if isinstance(info.json_schema_extra, dict) else ""
    if value is None:
        return f"none{mark}"
    if isinstance(value, dict):
        inner = ", ".join(f"{key}: {one}" for key, one in value.items())
        return f"`{{{inner}}}`{mark}" if value else _nothing(under)
    text = str(value)
    return f"`{text}`{mark}"


def _nothing(under: Shape) -> str:
    return "none" if isinstance(under, Named) else "its keys' defaults"


_HEAD = """# The scenario file

Written by `page()` of `scenarios/schema.py`; a test holds the two together.

A scenario file is YAML 1.2. Every number that has a unit is written with it: `42 s`, `15 days`, `40_000 items`,
`4_000 items/week`, `200 tasks`, `20%`, `2%/week`, `20%/year`, `0.42 EUR`. Times are ms, s, min, h, day, week.
Underscores may group digits; the decimal sign is a point. Logits, standard deviations, factors and whole numbers whose
key names what is counted stand bare.

- **`extends`** names a file, or a scenario of the library (`library:in-house`), that this one is written over. Mappings
  merge key by key, so named things merge by name; lists and tables of shares (`classes`, a stage's `pools`, `tiers`)
  are replaced as a whole, and a key takes the place of its alternatives (`gamma` of `lognormal`).
- **`profile`** names what `labelcast calibrate` fitted. It lies underneath everything that scenario files say.
  Values of a profile that was not fitted (it has no `provenance`) are listed as assumptions.
- **Short forms**: where a text may stand for a mapping (`batch: 200 items`), its section says what it is short for;
  files that extend one another merge as if it were written out.
- **Local times** are in `timezone`. A time that does not exist (clocks go forward) is refused as a start; of one that
  comes twice (clocks go back), the first is meant. A bare date is its midnight where something begins (`start`,
  `changes`, `ramp`, `releases`), and the end of its day where something is due (`deadline`, `due`, `until`, `windows`).
- **Items enter** at `first`, else at the stage that no other leads to. Each stage leads on by `next`, by outcome:

    | kind | outcomes, and where they lead if `next` does not say |
    |---|---|
    | `dedup` | `kept`: to prelabel, else annotate; duplicates that it finds are dropped |
    | `prelabel` | `suggested`: to annotate |
    | `work` | `done`: must be said |
    | `annotate` | `labelled`: to review, else inspect, else deliver; `tied`: to adjudicate, else as labelled |
    | `review` | `accepted`: to inspect, else deliver; `rejected`, `exhausted`: see `on_reject` |
    | `inspect` | `accepted`: deliver; `rejected`, `exhausted`: see `on_reject` |
    | `adjudicate` | `decided`: deliver |

    An outcome may lead to several stages by chance: `{labelled: {review: 30%, deliver: 70%}}`. Items go back by a
    rejection, which `rounds` limits (with 3 rounds there are up to 4 reviews), or by a chance of at most 90%. A line
    that can keep an item for ever is refused.

- **Different people**: the labels of a round come from different people, a reviewer is no author of the item in any
  round, an adjudicator neither labelled nor reviewed it. A staff that may be too small for that is refused, counted
  with the largest headcount that is still to come and with every rollback; of a crowd, people enough are assumed.
- **Sensitive segments** go to pools that are `cleared`; shares count among these. Where a stage has none, the plan is
  infeasible (exit code 4, with the items that are not met).
- **Changes** name a key by its path: `pools.reviewers.headcount`, `stages.annotate.time`, `work.street.arrivals.rate`.
  From its date on it has the new value, written as in its place, or the old one times a factor (of a distribution or a
  table of prices: all of it). The scenario is checked again as it is from each date on. Names, kinds, classes, staff or
  crowd, and what is there at the start stay as they are. `accuracy` is meant for the work at the start, so labels get
  worse when the work gets harder.
- **A search** (`search`) names by the same paths what `labelcast search` may change. A value takes the place of all
  that stands at its key, as if it were written there; the scenario itself stays as it is.
- A pool that no stage ever names, and a calendar that nothing uses, are no part of the line and cost nothing.

All problems of a file are told at once, each as `file:line:column  path: rule, what was found, how to mend it`."""
