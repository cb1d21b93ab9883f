"""What the words of a log mean on a line: its steps are stages, its workers people of pools, its batches segments."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from ...sim.errors import ScenarioRefused
from ...sim.line import MACHINE, Line, Stage
from ..readers.names import bare
from ..stages.lines import DECIDING, LABELLING, REVIEWING

SHOWN = 8
"""Words that a message lists."""

OF_KIND = {"annotate": LABELLING, "review": REVIEWING, "inspect": REVIEWING, "adjudicate": DECIDING}


@dataclass(frozen=True)
class Words:
    """stages: by the log's word for a step, the stage.  segments: by its word for a batch, the segment."""

    stages: Mapping[str, str]
    segments: Mapping[str, str]


def words_of(
    line: Line,
    judgements: pd.DataFrame,
    steps: Mapping[str, str] | None = None,
    batches: Mapping[str, str] | None = None,
) -> Words:
    """How a line's words stand for those of a log.

    steps, batches: what the planner says, over what names tell.  A log that knows one step is of the stage where items
    enter; a line of one segment has all batches in it.
    Raises ScenarioRefused with all words that are of nothing on the line.
    """
    people = [stage for stage in line.stages if stage.kind not in MACHINE]
    known = [str(one) for one in judgements["stage"].fillna("").unique()]
    problems: list[str] = []
    stages = _named("--stage", known, steps or {}, [stage.name for stage in people], problems)
    if len(known) == 1 and known[0] not in stages:
        stages[known[0]] = people[0].name
    for word in [one for one in known if one not in stages]:
        found = _by_kind(word, people)
        if found:
            stages[word] = found
        else:
            problems.append(_unknown("--stage", "step", word, [stage.name for stage in people]))
    segments = [segment.name for segment in line.segments]
    labels = [str(one) for one in judgements["project"].fillna("").unique()]
    of_batch = _named("--segment", labels, batches or {}, segments, problems)
    for word in [one for one in labels if one not in of_batch]:
        if len(segments) == 1:
            of_batch[word] = segments[0]
        else:
            problems.append(_unknown("--segment", "batch", word, segments))
    if problems:
        more = [f"... and {len(problems) - SHOWN} more."] if len(problems) > SHOWN else []
        raise ScenarioRefused([*problems[:SHOWN], *more])
    return Words(stages, of_batch)


def _named(
    option: str, known: Sequence[str], said: Mapping[str, str], there: Sequence[str], problems: list[str]
) -> dict[str, str]:
    """By word what was said of it, else what has its name."""
    found: dict[str, str] = {}
    for word, name in said.items():
        if name not in there:
            near = difflib.get_close_matches(name, there, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else f" There are: {', '.join(there)}."
            problems.append(f"{option} {word}={name}: the scenario has nothing of that name.{hint}")
        elif word not in known:
            shown = ", ".join(repr(one) for one in known[:SHOWN])
            problems.append(f"{option} {word}={name}: the log has no {word!r}. It has: {shown}.")
        else:
            found[word] = name
    for word in known:
        same = [name for name in there if name == word] or [name for name in there if bare(name) == bare(word)]
        if word not in found and len(same) == 1 and word:
            found[word] = same[0]
    return found


def _by_kind(word: str, people: Sequence[Stage]) -> str | None:
    """The only stage of the kind that a step's name tells; None where there are none or several."""
    kinds = [kind for kind, names in OF_KIND.items() if bare(word) in names]
    found = [stage.name for stage in people if stage.kind in kinds]
    return found[0] if len(found) == 1 else None


def _unknown(option: str, what: str, word: str, there: Sequence[str]) -> str:
    shown = word or "(no name)"
    return (
        f"{option}: the log's {what} {shown!r} is none of the scenario's. Say which it is: "
        f'{option} "{shown}={there[0]}". There are: {", ".join(there)}.'
    )
