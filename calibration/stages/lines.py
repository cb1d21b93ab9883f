"""Which steps a log tells apart, what each is in a scenario, and the work of one step with the verdicts of the next."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

LABELLING = ("annotate", "annotation", "annotating", "label", "labelling", "labeling")
REVIEWING = (
    "review",
    "reviewing",
    "validation",
    "validate",
    "qa",
    "qualitycheck",
    "verification",
    "acceptance",
    "audit",
)
DECIDING = ("adjudicate", "adjudication", "arbitration", "arbitrate")
"""Names of steps, without capitals and signs, by which a line of labelling is known."""

FEWEST = 10
RAREST = 0.005
"""Rows, and share of all rows, below which a step is too rare to be a stage."""

AT_ONCE = 0.95
"""Share of a step's rows without any time from which on nobody works on it: a mark that a system sets."""

ENTERS = 0.8
"""Share of the items that must begin at one step: a scenario's items enter at one stage."""


@dataclass(frozen=True)
class Step:
    """word: what the log calls it.  name: in a scenario.  kind: annotate, review, adjudicate or work."""

    word: str
    name: str
    kind: str


@dataclass(frozen=True, eq=False)
class Flow:
    """steps: the first is where items enter.  left_out: words of steps that are no stages, with rows and why.
    enters: share of the items that begin at the first.  side_by_side: share of the changes of step that begin before
    the step before has ended."""

    steps: tuple[Step, ...]
    left_out: tuple[tuple[str, int, str], ...]
    enters: float
    side_by_side: float

    @property
    def labelling(self) -> bool:
        """A line of labelling, with reviews or decisions; else steps of work with routes by chance."""
        return self.steps[0].kind == "annotate"

    @property
    def reviewed(self) -> bool:
        """Whether one of the steps is a review, whose verdict is on all labels that an item got."""
        return any(step.kind == "review" for step in self.steps)

    @property
    def passed_over(self) -> tuple[str, ...]:
        """Words of the steps that are no stages."""
        return tuple(word for word, _, _ in self.left_out)


def flow_of(judgements: pd.DataFrame, stage: str) -> tuple[Flow | None, str]:
    """(The steps of the log as stages of a line, ""), or (None, why they are none; "" where the log knows one step).

    stage: what to call the first in a line of labelling.
    """
    words = judgements["stage"].fillna("")
    if words.nunique() < 2:
        return None, ""
    counts = words.value_counts()
    zero = (judgements["submitted_at"] <= judgements["started_at"]).groupby(words).mean()
    least = max(FEWEST, RAREST * len(judgements))
    left = {
        word: "nobody works on it" if zero[word] > AT_ONCE else "too rare" if word else "has no name"
        for word in counts.index
        if not word or counts[word] < least or zero[word] > AT_ONCE
    }
    kept = [str(word) for word in counts.index if word not in left]
    if len(kept) < 2:
        return None, f"{'only one' if kept else 'none'} of its steps has rows enough, with times, to be a stage"
    rows = in_order(judgements[words.isin(kept)])
    first = rows.groupby("item")["stage"].first().value_counts(normalize=True)
    entry, share = str(first.index[0]), float(first.iloc[0])
    if share < ENTERS:
        return None, f"items begin at several steps ({share:.0%} at {entry!r}), and a scenario's enter at one stage"
    ordered = [entry, *sorted(set(kept) - {entry}, key=lambda one: (-counts[one], one))]
    out = tuple((word, int(counts[word]), why) for word, why in left.items())
    kinds = _kinds(ordered)
    named = _named(ordered, stage if kinds[0] == "annotate" else None)
    steps = tuple(Step(word, name, kind) for word, name, kind in zip(ordered, named, kinds, strict=True))
    return Flow(steps, out, share, _overlap(rows)), ""


def in_order(judgements: pd.DataFrame) -> pd.DataFrame:
    """Rows by item, as the item went through them."""
    return judgements.sort_values(["item", "started_at", "submitted_at", "source", "row"], ignore_index=True)


def _overlap(rows: pd.DataFrame) -> float:
    """Share of the changes of step within an item that begin more than a second before the step before has ended."""
    change = (rows["item"] == rows["item"].shift()) & (rows["stage"] != rows["stage"].shift())
    if not change.any():
        return 0.0
    early = rows["started_at"] < rows["submitted_at"].shift() - pd.Timedelta(seconds=1)
    return float((early & change).sum() / change.sum())


def _kinds(words: list[str]) -> list[str]:
    """annotate, review and adjudicate where all names say so and the first labels; else work for all."""
    bare = [re.sub(r"[\W_]+", "", word.casefold()) for word in words]
    kinds = [
        "annotate" if one in LABELLING else "review" if one in REVIEWING else "adjudicate" if one in DECIDING else ""
        for one in bare
    ]
    known = kinds[0] == "annotate" and len(set(kinds)) == len(kinds) and "" not in kinds
    return kinds if known else ["work"] * len(words)


def _named(words: list[str], first: str | None) -> list[str]:
    """Names that a scenario takes: small letters, digits and hyphens, no two alike."""
    out: list[str] = []
    for number, word in enumerate(words):
        name = re.sub(r"[^a-z0-9]+", "-", word.casefold()).strip("-")[:40] or f"step-{number + 1}"
        name = first if number == 0 and first is not None else name
        while name in (*out, "deliver"):
            name = f"{name}-{number + 1}"
        out.append(name)
    return out


def folded(judgements: pd.DataFrame, flow: Flow) -> pd.DataFrame:
    """The rows of the first step; in a line of labelling with the verdict of the review that followed each round.

    The round's last label carries it: who reviewed, when, and whether the review says rejected or, where no review of
    the log says so, whether the item came back. A round is what lies between two reviews.
    """
    words = judgements["stage"].fillna("")
    first = judgements[words == flow.steps[0].word]
    review = next((one for one in flow.steps if one.kind == "review"), None)
    if review is None:
        return first
    both = in_order(judgements[words.isin([flow.steps[0].word, review.word])])
    reviews = (both["stage"] == review.word).to_numpy()
    same = (both["item"] == both["item"].shift(-1)).to_numpy()
    judged = ~reviews & np.append(reviews[1:], False) & same
    after = both.shift(-1)
    later_label = same & ~np.append(reviews[1:], True)
    says = (both["outcome"] == "rejected").to_numpy()
    turned_down = says if (says & reviews).any() else later_label
    rejected = np.append(turned_down[1:], False) & judged
    both["reviewer"] = after["worker"].where(judged)
    both["reviewed_at"] = after["submitted_at"].where(judged).astype("datetime64[ms]")
    both["outcome"] = both["outcome"].where(~judged, np.where(rejected, "rejected", "accepted"))
    return both[~reviews].reset_index(drop=True)
