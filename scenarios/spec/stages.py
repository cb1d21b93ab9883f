"""A step of the line, as a scenario file writes it."""

from __future__ import annotations

from typing import Annotated, Literal

from .. import shares, values
from ..parts import Part, key
from ..readers import Choice
from ..times import StageTime
from . import rules

_KIND = Choice(("annotate", "review", "adjudicate", "work", "inspect", "prelabel", "dedup"))
StageKind = Annotated[Literal["annotate", "review", "adjudicate", "work", "inspect", "prelabel", "dedup"], _KIND]
_BY = Choice(("author", "anyone"))
_SHIFT_END = Choice(("pause", "finish", "return"))

OWN_KEYS: dict[str, tuple[str, ...]] = {
    "labels_per_item": ("annotate",),
    "rework_by": ("annotate",),
    "suggestion": ("annotate",),
    "fraction": ("review",),
    "on_reject": ("review", "inspect"),
    "lot": ("inspect",),
    "model": ("prelabel",),
    "servers": ("prelabel", "dedup"),
    "recall": ("dedup",),
    "precision": ("dedup",),
    "gold": ("annotate",),
    "self_check": ("annotate",),
    **dict.fromkeys(
        ("pools", "route", "lock", "skip", "questions", "shift_end", "rotation", "escalation"),
        ("annotate", "review", "adjudicate", "work", "inspect"),
    ),
}
"""Keys of a stage that belong to some kinds."""


class Stage(Part):
    """A step of the line. Some keys belong to some kinds of stage."""

    kind: StageKind | None = key(
        "`annotate`, `review`, `adjudicate`; `work` (of people, without a label), `inspect` (lots); `prelabel` and "
        "`dedup` (machines); the stage's name if it is one.",
        None,
        "review",
    )
    pools: shares.PoolShares | None = key(
        "Required of people: share of the items that each pool gets; `[one]` gives all to one pool; none at a machine.",
        None,
        "{team: 60%, vendor: 40%}",
    )
    time: StageTime = key(
        "Active time of one task; of a machine, of a batch.", example="{lognormal: {median: 42 s, p95: 160 s}}"
    )
    labels_per_item: rules.LabelsPerItem = key(
        "annotate: how many people label each item in the first round, and which label counts.", "1", "3"
    )
    rework_by: Annotated[Literal["author", "anyone"], _BY] = key(
        "annotate: who redoes a rejected label: its `author` if on shift then, else `anyone` of the pool.",
        "author",
        "anyone",
    )
    suggestion: rules.Suggested = key(
        "annotate: what a suggested label does, where a prelabel stage comes before.", {}, "{anchoring: 10%}"
    )
    gold: rules.Golds | None = key("annotate: test questions; none if not said.", None, "5%")
    self_check: rules.SelfCheckRule | None = key(
        "annotate: how people look their own labels over before handing them in; not at all if not said.",
        None,
        "{time: 6 s, catch: 40%}",
    )
    fraction: rules.Fraction = key("review: share of the items that is reviewed; the others pass.", {}, "20%")
    on_reject: rules.OnReject = key(
        "review, inspect: where rejected items go.", {}, "{to: annotate, rounds: 3, then: adjudicate}"
    )
    lot: rules.LotRule = key(
        "inspect: how lots are sampled.", {}, "{size: 200 items, sample: 20 items, accept: 1 items}"
    )
    model: rules.LabelModel = key("prelabel: how good the model is.", {}, "{accuracy: 85%}")
    recall: values.Share = key("dedup: share of the duplicates that is found.", "100%", "90%", assumed=True)
    precision: values.Sure | None = key(
        "dedup: share of what is dropped that is a duplicate; all of it if not said.", None, "98%"
    )
    servers: values.Servers | None = key("prelabel, dedup: batches at a time; no limit if not said.", None, "4")
    next: dict[str, shares.Way] = key(
        "The stage, or deliver, that follows each outcome: labelled, tied; accepted; decided; done; suggested; kept. "
        "Several by chance: `{labelled: {review: 30%, deliver: 70%}}`.",
        {},
        "{labelled: review}",
        most=10,
    )
    route: rules.Routes = key("How a task gets its pool.", {}, "prefer")
    handoff: StageTime | None = key("Time before a task is ready, without a worker.", None, "2 h")
    gather: rules.Gathers | None = key(
        "How many tasks become ready together; each at once if not said.", None, "50 items"
    )
    batch: rules.Batches | None = key("How many tasks are taken together; one if not said.", None, "200 items")
    escalation: rules.EscalationRule | None = key(
        "Where items go that wait too long; nowhere if not said.", None, "{after: 2 days, to: adjudicate}"
    )
    rotation: rules.RotationRule | None = key(
        "Who of a pool may work here, in turn; all if not said.", None, "{every: 4 weeks, people: 3}"
    )
    lock: values.Span | None = key("A task held longer is issued again, to someone else.", None, "30 min")
    skip: rules.SkipRule | None = key(
        "How often people look at a task and leave it to somebody else; never if not said.", None, "{chance: 4%}"
    )
    questions: rules.QuestionRule | None = key(
        "How often people ask back about a task before they do it; never if not said.",
        None,
        "{chance: 4%, answer: 20 min, calendar: office}",
    )
    shift_end: Annotated[Literal["pause", "finish", "return"], _SHIFT_END] = key(
        "What a worker does with a task when the shift ends: `pause` and go on in the next, `finish` it, `return` it.",
        "pause",
        "finish",
    )
    wip: values.SomeItems | None = key(
        "At most so many tasks wait or are in progress here; nobody starts what leads here beyond it.",
        None,
        "500 items",
    )
    sla: values.Span | None = key(
        "A task is to be finished so long after the item came; it is counted.", None, "2 days"
    )
