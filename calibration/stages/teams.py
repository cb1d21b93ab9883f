"""Who works at which stage: pools by the log's own roles, or by stages, those with the same workers together."""

from __future__ import annotations

import re

import pandas as pd

from .lines import Flow

COMMON = 0.5
"""Share of the work of two stages that must be by people of both, for these to have one pool."""

TOLD = 0.95
"""Share of the rows that must name a role, and of a worker's rows that must name the same, for roles to be pools."""

SMALL = 0.02
"""Share of a stage's work below which a pool has no part in it."""


def teams_of(judgements: pd.DataFrame, flow: Flow, pool: str) -> tuple[pd.Series[str], bool]:
    """(pool of each row of the stages of `flow`, by the index of `judgements`; whether roles told it). In a line of
    labelling no two stages share a pool.

    The pool of most of the first stage's work is called `pool`. Who never has a role is of the one that does most where
    he works most.
    """
    names = {step.word: step.name for step in flow.steps}
    rows = judgements[judgements["stage"].isin(names)]
    role = rows["role"]
    by_worker = rows["worker"].map(_commonest(role, rows["worker"]))
    several = len(role.dropna().unique()) > 1
    told = bool(several and role.notna().mean() >= TOLD and (by_worker == role).mean() >= TOLD)
    told = told and (not flow.labelling or _apart(rows, by_worker, flow))
    apart = {step.word: step.word for step in flow.steps}
    team = _filled(rows, by_worker) if told else rows["stage"].map(apart if flow.labelling else _common(rows, flow))
    main = str(team[rows["stage"] == flow.steps[0].word].mode().iloc[0])
    called = {main: pool}
    for one in team.unique():
        if one != main:
            name = _name(str(one)) if told else f"{names[str(one)]}-team"
            while name in called.values():
                name = f"{name}-2"
            called[one] = name
    return team.map(called), told


def _apart(rows: pd.DataFrame, role: pd.Series[str], flow: Flow) -> bool:
    """Whether roles can be pools of a line of labelling: none has a part in two stages, and where items get several
    labels one role gives them all.

    A reviewer is no author, and labels of an item come from as many people of one pool: with a pool of its own each
    stage has people enough for that, whoever they were.
    """
    parts = [[*shares_of(role[rows["stage"] == step.word])] for step in flow.steps]
    labels = rows[rows["stage"] == flow.steps[0].word].groupby("item")["worker"].nunique().median()
    every = [one for part in parts for one in part]
    return len(set(every)) == len(every) and (labels <= 1 or len(parts[0]) == 1)


def _commonest(of: pd.Series[str], by: pd.Series[str]) -> pd.Series[str]:
    """Which of `of` is there most for each of `by`; nothing for those that have none."""
    counts = pd.DataFrame({"by": by, "of": of}).groupby(["by", "of"]).size().sort_values(kind="stable").reset_index()
    return counts.drop_duplicates("by", keep="last").set_index("by")["of"]


def _filled(rows: pd.DataFrame, role: pd.Series[str]) -> pd.Series[str]:
    """`role` of each row, that of workers without any being the commonest at the stage where they work most."""
    without = role.isna()
    where = rows["worker"].map(_commonest(rows.loc[without, "stage"], rows.loc[without, "worker"]))
    usual = where.map(_commonest(role, rows["stage"])).fillna(role.mode().iloc[0])
    return role.where(~without, usual)


def _name(role: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", role.casefold()).strip("-")[:40] or "team"


def _common(rows: pd.DataFrame, flow: Flow) -> dict[str, str]:
    """Of each stage's word the first stage that it has its people in common with."""
    share = pd.crosstab(rows["stage"], rows["worker"], normalize="index")
    words = [step.word for step in flow.steps]
    of = {word: word for word in words}
    for k, word in enumerate(words):
        for other in words[:k]:
            if float(share.loc[[word, other]].min().sum()) >= COMMON:
                of[word] = of[other]
                break
    return of


def shares_of(team: pd.Series[str]) -> dict[str, float]:
    """Share of the work by pool, those with hardly any left out."""
    share = team.value_counts(normalize=True)
    share = share[share >= SMALL]
    return {str(name): float(one) for name, one in (share / share.sum()).items()}
