"""Which column of an export is the label, by rules that are told to the planner, and one spelling for each class."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from ...sim.errors import ScenarioRefused
from .sheet import Sheet, plain

MOST_CLASSES = 30
"""With more different answers than this, answers are free text or combinations, and labels are not modelled."""

FILLED = 0.5
"""Share of the rows that an answer column must fill: answers that are mostly blank are an option that few ticked."""


@dataclass(frozen=True)
class Choice:
    """column: the label, None when labels are not modelled.  why: for the planner."""

    column: str | None
    why: str


Candidates = Callable[[Sequence[Sheet]], list[tuple[str, int]]]
"""Columns that may be the label, each with how many rows have a known truth for it, in the order of the header."""


def choose(sheets: Sequence[Sheet], candidates: Candidates, label: str | None) -> list[Choice]:
    """For each sheet which column is the label: the one asked for, else by rule, alike for files of one header.

    The rule: of the candidates that fill at least half of the rows, those of 2 to MOST_CLASSES different answers first;
    then the most rows with a known truth, the most filled, the fewest different answers, the first in the header.
    Three answers or more of which none was given twice are no classes.
    Raises ScenarioRefused when no sheet has the column asked for.
    """
    if label is not None:
        return _asked(sheets, label)
    out: dict[tuple[str, ...], Choice] = {}
    for sheet in sheets:
        if sheet.header not in out:
            group = [other for other in sheets if other.header == sheet.header]
            out[sheet.header] = _by_rule(group, candidates(group))
    return [out[sheet.header] for sheet in sheets]


def _asked(sheets: Sequence[Sheet], label: str) -> list[Choice]:
    names = [name if name in sheet.header else None for sheet in sheets for name in (_resolved(sheet, label),)]
    if not any(names):
        known = sorted({name for sheet in sheets for name in sheet.header})
        near = difflib.get_close_matches(label, known, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise ScenarioRefused(f"--label: no file has a column named {label!r}.{hint} There are: {', '.join(known)}.")
    out = []
    for sheet, name in zip(sheets, names, strict=True):
        if name is None:
            out.append(Choice(None, f"none: the file has no column {label!r}"))
        else:
            out.append(_modelled(name, _distinct([sheet], name), "asked for"))
    return out


def _resolved(sheet: Sheet, label: str) -> str:
    return label if label in sheet.header or f"Answer.{label}" not in sheet.header else f"Answer.{label}"


def _by_rule(sheets: Sequence[Sheet], candidates: Sequence[tuple[str, int]]) -> Choice:
    total = sum(len(sheet.columns) for sheet in sheets)
    ranked = []
    for place, (name, known) in enumerate(candidates):
        filled = sum(int((sheet.columns[name] != "").sum()) for sheet in sheets)
        if filled < FILLED * total or not filled:
            continue
        distinct = _distinct(sheets, name)
        ranked.append(
            (not 2 <= distinct <= MOST_CLASSES or distinct == filled > 2, -known, -filled, distinct, place, name)
        )
    if not ranked:
        return Choice(None, "none: no answer column is filled in at least half of the rows")
    _, known, filled, distinct, _, name = min(ranked)
    if distinct == -filled > 2 and distinct <= MOST_CLASSES:
        return Choice(None, f"none: {name} has {distinct} answers, none of them twice")
    of = f"of {len(ranked)} answer columns " if len(ranked) > 1 else ""
    return _modelled(name, distinct, f"{of}known truth in {-known} rows, filled in {-filled} of {total}")


def _modelled(name: str, distinct: int, why: str) -> Choice:
    if distinct > MOST_CLASSES:
        return Choice(None, f"none: {name} has {distinct} different answers, more than {MOST_CLASSES}")
    return Choice(name, f"{name} ({why}; {distinct} different answers)")


def _distinct(sheets: Sequence[Sheet], name: str) -> int:
    folded = (plain(pd.Series(sheet.columns[name].unique(), dtype="str")).str.casefold() for sheet in sheets)
    return int(pd.concat(list(folded)).nunique())


def one_spelling(judgements: pd.DataFrame) -> pd.DataFrame:
    """`judgements` with labels and golds that differ only in case written alike: as most labels are, then the first in
    the alphabet. All labels are dropped when more than MOST_CLASSES classes are left, over all files."""
    both = pd.concat([judgements["label"], judgements["gold"]]).dropna()
    table = both.value_counts().rename_axis("text").reset_index(name="rows")
    table["key"] = table["text"].str.casefold()
    table = table.sort_values(["key", "rows", "text"], ascending=[True, False, True]).drop_duplicates("key")
    if len(table) > MOST_CLASSES:
        nothing = pd.Series(pd.NA, index=judgements.index).astype("str")
        return judgements.assign(label=nothing, gold=nothing)
    spelling = dict(zip(table["key"], table["text"], strict=True))
    return judgements.assign(
        label=judgements["label"].str.casefold().map(spelling).astype("str"),
        gold=judgements["gold"].str.casefold().map(spelling).astype("str"),
    )
