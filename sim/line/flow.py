"""The way of an item: stages, the rules at each, and where every outcome leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from .chance import Distribution

DELIVER = "deliver"
"""The end of the line: a target of `Stage.next`, never a stage."""

Kind = Literal["annotate", "review", "adjudicate", "work", "inspect", "prelabel", "dedup"]

OUTCOMES: Mapping[Kind, tuple[str, ...]] = {
    "annotate": ("labelled", "tied"),
    "review": ("accepted", "rejected", "exhausted"),
    "adjudicate": ("decided",),
    "work": ("done",),
    "inspect": ("accepted", "rejected", "exhausted"),
    "prelabel": ("suggested",),
    "dedup": ("kept",),
}
"""Outcomes by kind of stage. tied: no label has a majority of its own (goes on as labelled, with the skill-weighted
label, where `next` sends both to one stage). exhausted: rejected after the last round of rework. An item that dedup
takes for a duplicate is dropped."""

MACHINE: tuple[Kind, ...] = ("prelabel", "dedup")
"""Kinds of stages without people."""

JUDGES: tuple[Kind, ...] = ("review", "inspect")
"""Kinds whose people accept or reject a label."""

Target = str | tuple[tuple[str, float], ...]
"""A stage or DELIVER; or several, each with its probability, which sum to one."""


@dataclass(frozen=True)
class Consensus:
    """How the labels of an item become one, and how many are asked for.

    majority: the stage's labels_per_item at once; the label with most votes.  weighted: the same number, the label with
    the greatest sum of its workers' skills (logits).  lead: `lead` labels at once, then one at a time until a label
    leads all others by `lead` votes, or `most` labels are in.  posterior: labels_per_item at once, then one at a time
    until the probability of the best label reaches `threshold` or `most` are in; workers err as their skill says at
    difficulty zero, alike over wrong labels, and classes are as frequent as in the segment.
    """

    rule: Literal["majority", "weighted", "lead", "posterior"] = "majority"
    lead: int = 2
    threshold: float = 0.95
    most: int = 7


@dataclass(frozen=True)
class Gather:
    """Tasks become ready `size` together, when so many of one segment have come, or `wait_s` after the first came."""

    size: int = 1
    wait_s: float = 86_400.0


@dataclass(frozen=True)
class Batch:
    """A worker takes up to `size` waiting tasks of one segment and stage, spends `setup_s` active seconds once, before
    the first, and does them in order.  together: their results go on when the last is done."""

    size: int = 1
    setup_s: float = 0.0
    together: bool = False


@dataclass(frozen=True)
class SamplePlan:
    """Of a lot `sample` items are inspected, and it is accepted if at most `accept` are rejected."""

    sample: int
    accept: int


@dataclass(frozen=True)
class Switching:
    """Plans that take the place of a lot's own, which is that of normal inspection; see sim/switching.py for when.
    reduced: None where inspection is never reduced.  screened: so many lots are inspected as a whole after inspection
    by samples was discontinued; then it resumes, tightened."""

    tightened: SamplePlan
    reduced: SamplePlan | None = None
    screened: int = 5


@dataclass(frozen=True)
class Lot:
    """Acceptance sampling by attributes, for stages of kind inspect. A lot is `size` items of a segment in order of
    coming, or what has come `wait_s` after its first; `sample` of them are inspected, and the lot is accepted if at
    most `accept` are rejected. Items found wrong always go back; of a rejected lot all do. switching: None where every
    lot has this plan.
    Source: ISO 2859-1, single sampling."""

    size: int = 100
    sample: int = 10
    accept: int = 0
    wait_s: float = 604_800.0
    switching: Switching | None = None


@dataclass(frozen=True)
class Gold:
    """Test questions: before a task, with chance `share`, the worker gets one more, on an item whose truth is known.

    ban_below: a worker whose share of right gold labels is lower, after at least `after` of them, is sent home for
    good, or, where `retrain_s` is above 0, is trained for so much time, gains `retrain_gain` logits, and counts anew.
    retrain_half_s: after so long half of what all training has gained is lost, since the last one; None for never.
    """

    share: float = 0.0
    ban_below: float | None = None
    after: int = 20
    retrain_s: float = 0.0
    retrain_gain: float = 0.0
    retrain_half_s: float | None = None


@dataclass(frozen=True)
class Model:
    """A model that suggests a label: its skill in logits at difficulty zero, as of a worker; class_effects added by
    true class.  It shares the item's difficulty and what a wrong label is."""

    skill: float = 2.0
    class_effects: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Suggestion:
    """What a suggested label does to an annotator: with chance `anchoring` it is kept unread, else the own label is
    given.  accept_time, fix_time: factors on the time of a task whose label is, is not, the suggested one."""

    anchoring: float = 0.2
    accept_time: float = 1.0
    fix_time: float = 1.0


@dataclass(frozen=True)
class Dedup:
    """recall: share of the duplicates that is found.  precision: share of what is dropped that is a duplicate."""

    recall: float = 1.0
    precision: float = 1.0


@dataclass(frozen=True)
class Escalation:
    """A task that has waited `after_s` is taken from its queue, and its item goes to the stage `to`."""

    after_s: float
    to: str


@dataclass(frozen=True)
class Rotation:
    """Of a pool's people, `people` may work at the stage in one period of `every_s`; in the next, those after them."""

    every_s: float
    people: int


@dataclass(frozen=True)
class Skip:
    """With this chance who takes a task looks at it for `time`, active seconds, and leaves it to somebody else.  most:
    so often an item is left each time that it comes to the stage; who takes it then does it.

    answer: None, or what is left is a question: it waits for an answer, which takes so long in the open time of
    `calendar`, and then again for anybody, who may be the one who asked.  there, back: seconds on the way to who
    answers and from them, by pool of who asks; 0 where none is said.
    """

    chance: float = 0.0
    time: Distribution = field(default_factory=lambda: Distribution("constant", {"value": 10.0}))
    most: int = 2
    answer: Distribution | None = None
    calendar: str = ""
    there: Mapping[str, float] = field(default_factory=dict)
    back: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class SelfCheck:
    """Who has given a label looks it over before handing it in, for `time`, active seconds, at the pace of the task.
    With chance `catch` they find a wrong one, and give their label anew, which takes `mend` times as long as at first.
    """

    time: Distribution
    catch: float = 0.0
    mend: float = 1.0


Route = Literal["share", "prefer", "shortest", "skill", "difficulty"]
"""How a task gets its pool. share: drawn by the item.  prefer: whichever pool has someone free first; of several, the
first named.  shortest: the pool with the fewest tasks, waiting or in hand, by person on shift.  skill: as prefer, the
most skilled pool for the segment first.  difficulty: the easiest by prediction go to the first pool, as many as its
share says."""


@dataclass(frozen=True)
class Risk:
    """A score by which a review chooses labels: those with the highest are reviewed, see sim/risk.py.

    auc: chance that a wrong label scores higher than a right one, 0.5 for scores that tell nothing.  misses: true
    classes whose errors it tells of; of all where empty.
    """

    auc: float = 0.5
    misses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stage:
    """A step of the line.

    pools: (pool, share of the items that it gets), shares summing to one; empty for machines.
    time: active seconds of one task; of a machine, the time that a batch takes.
    next: for each outcome of the kind (see OUTCOMES) the stage that follows, or DELIVER; or several by chance.
    route, route_error: how a task gets its pool; sd of the error of predicted difficulty, logits.
    annotate: labels_per_item distinct workers label an item of round 0, and `consensus` makes one label of theirs; a
    rework round takes one label, by its author if rework_by is "author" and the author is on shift when the item
    returns, else by anyone of the pool.
    review: a `fraction` of the items is reviewed, in every round; the others pass as accepted; where given,
    segment_fractions, class_fractions (by the label that the item has) and tenure_fractions take its place, the later
    before the earlier; tenure_fractions as (tasks, fraction) steps: the fraction of the first step whose tasks exceed
    the number that the label's author had finished at their stage.  risk: which labels these are.
    review and inspect: rounds: at most so many returns to rework, counted over the whole line.
    handoff: time between the item's coming and its task being ready, without a worker.
    annotate: self_check: that people look their own labels over; None: not.
    skip: that people leave tasks; who has left an item does not get it again here until it comes anew.
    lock_s: a task held longer is issued again, to someone else; None for never.
    shift_end: what a worker does with a task at the end of a shift: pause and go on in the next; finish it in overtime;
    return it to the queue, its time lost.
    wip: so many tasks wait or are in progress here at most: nobody starts a task that leads here beyond it.
    sla_s: a task is to be finished so long after the item came; counted, and nothing else.
    servers: of a machine, batches at a time; None for no limit.
    """

    name: str
    kind: Kind
    pools: tuple[tuple[str, float], ...]
    time: Distribution
    next: Mapping[str, Target]
    labels_per_item: int = 1
    rework_by: Literal["author", "anyone"] = "author"
    fraction: float = 1.0
    rounds: int = 3
    route: Route = "share"
    route_error: float = 0.0
    consensus: Consensus = field(default_factory=Consensus)
    segment_fractions: Mapping[str, float] = field(default_factory=dict)
    class_fractions: Mapping[str, float] = field(default_factory=dict)
    risk: Risk = field(default_factory=Risk)
    tenure_fractions: tuple[tuple[int, float], ...] = ()
    handoff: Distribution | None = None
    gather: Gather = field(default_factory=Gather)
    batch: Batch = field(default_factory=Batch)
    lot: Lot = field(default_factory=Lot)
    gold: Gold = field(default_factory=Gold)
    model: Model = field(default_factory=Model)
    suggestion: Suggestion = field(default_factory=Suggestion)
    dedup: Dedup = field(default_factory=Dedup)
    escalation: Escalation | None = None
    rotation: Rotation | None = None
    lock_s: float | None = None
    shift_end: Literal["pause", "finish", "return"] = "pause"
    wip: int | None = None
    sla_s: float | None = None
    servers: int | None = None
    skip: Skip = field(default_factory=Skip)
    self_check: SelfCheck | None = None


def targets(target: Target) -> tuple[tuple[str, float], ...]:
    """The stages that an outcome leads to, with their probabilities."""
    return ((target, 1.0),) if isinstance(target, str) else target
