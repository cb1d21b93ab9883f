"""Why one scenario comes to another result than a second: a table whose columns add up, sentences, and JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from ..scenarios.why import Why
from ..sim.registry import unit_of
from ..sim.replicate import Runs
from ..sim.statistics import Summary
from . import numbers, style, words
from .tables import plain_text, table

MEANS = {
    "volume": "how many items come, and when",
    "mix": "which items they are",
    "speed": "how quick people and stages are",
    "rework": "what is right, checked and done again",
    "staffing": "who is there, when, and does what",
    "price": "what is paid for it",
    "rest": "horizon, goals, what is under way at the start",
}


def why_text(
    names: tuple[str, str], base: Runs, kinds: Sequence[str], found: Sequence[Why], untold: Sequence[str]
) -> str:
    """The sentences, then a column a KPI: the first scenario, each part, the second."""
    out = list(sentences(names, base, kinds, found, untold))
    if found and kinds:
        out += ["", table(part_rows(names, base, kinds, found)), "", *(f"- {one}" for one in notes(base, kinds))]
    return plain_text("\n".join([*out, ""]))


def part_rows(names: tuple[str, str], base: Runs, kinds: Sequence[str], found: Sequence[Why]) -> list[list[str]]:
    """A column a KPI under a header: the first scenario, each part, the second."""
    first, second = map(style.name, names)
    rows = [["", *(words.title(one.kpi) for one in found)]]
    rows.append([first, *(numbers.number(one.begin, _unit(one, base)) for one in found)])
    told = [one.told(base.level) for one in found]
    for kind in kinds:
        cells = [_part(each[kind], _unit(one, base)) for one, each in zip(found, told, strict=True)]
        rows.append([f"  {kind}", *cells])
    rows.append([second, *(numbers.number(one.end, _unit(one, base)) for one in found)])
    return rows


def _unit(one: Why, base: Runs) -> str:
    return unit_of(one.kpi, base.line.currency)


def _part(one: Summary, unit: str) -> str:
    return numbers.difference(one.mean, one.low, one.high, unit)


def sentences(
    names: tuple[str, str], base: Runs, kinds: Sequence[str], found: Sequence[Why], untold: Sequence[str]
) -> Iterator[str]:
    """What moved each KPI most."""
    if not kinds:
        yield f"{names[0]} and {names[1]} are the same line: nothing differs."
        return
    yield f"From {names[0]} to {names[1]} these change: {', '.join(f'{kind} ({MEANS[kind]})' for kind in kinds)}."
    for one in found:
        parts = one.told(base.level)
        largest = max(parts, key=lambda kind: abs(parts[kind].mean))
        whole, part = one.end - one.begin, parts[largest]
        title = words.title(one.kpi)
        if part.mean == 0:
            yield f"{title}: the same."
            continue
        change = numbers.difference(whole, math.nan, math.nan, _unit(one, base))
        yield f"{title}: {_signed(change, whole)}, most of it {largest} ({_part(part, _unit(one, base))})."
    for kpi in untold:
        yield f"{words.title(kpi)}: cannot be told, as some runs never come to one. Raise the horizon of both."


def _signed(text: str, value: float) -> str:
    return text if value < 0 or text.startswith("+") else f"+{text}"


def notes(base: Runs, kinds: Sequence[str]) -> Iterator[str]:
    """How it was made."""
    yield (
        f"Each part is taken from the second scenario in every order, {2 ** len(kinds)} lines of {len(base.kpis)} runs "
        "on the same luck; what that changes on average is its part (Shapley). Columns add up exactly before rounding."
    )
    yield "Intervals are of the mean over runs, 95%."


def why_json(
    names: tuple[str, str], base: Runs, kinds: Sequence[str], found: Sequence[Why], untold: Sequence[str]
) -> dict[str, Any]:
    """All of it as plain data."""
    return {
        "from": names[0],
        "to": names[1],
        "replications": len(base.kpis),
        "seed": base.seed,
        "changed": list(kinds),
        "untold": list(untold),
        "kpis": [
            {
                "kpi": one.kpi,
                "unit": _unit(one, base),
                "begin": one.begin,
                "end": one.end,
                "parts": {
                    kind: {"mean": each.mean, "low": _finite(each.low), "high": _finite(each.high)}
                    for kind, each in one.told(base.level).items()
                },
            }
            for one in found
        ],
        "verdict": list(sentences(names, base, kinds, found, untold)),
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
