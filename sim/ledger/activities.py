"""What the time and the labels of a log were spent on: the activities of the ledger, a closed set."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..tables import Ints

ABSENCE, GOLD, IDLE, RELABELLING, REWORK = "absence", "gold", "idle", "relabelling", "rework"
TOOLING, TRAINING = "tooling", "training"

ACTIVITIES = (ABSENCE, "adjudicate", "annotate", GOLD, IDLE, RELABELLING, "review", REWORK, TOOLING, TRAINING, "work")
"""absence: paid days off.  adjudicate, annotate, work: tasks of stages of that kind.  gold: tasks on test questions,
whatever the stage.  idle: on shift without a task.  relabelling: to annotate what a rollback sent back after it was
delivered.  review: tasks of review and of inspect stages; both judge a label.  rework: to annotate in a later round.
tooling: costs that fall due once or run by the month, and tasks of machine stages, where someone is paid for them.
training: paid time in which nobody takes tasks. In the order of the ledger's rows."""

BONUS, CREDIT, FEE, HIRING, LATE_CREDIT = "bonus", "credit", "fee", "hiring", "late_credit"
LEAVING, LOT_CREDIT, MALUS, MANAGEMENT = "leaving", "lot_credit", "malus", "management"
NOTICE, SHORTFALL, TAX = "notice", "shortfall", "tax"

BILLED = (BONUS, CREDIT, FEE, HIRING, LATE_CREDIT, LEAVING, LOT_CREDIT, MALUS, MANAGEMENT, NOTICE, SHORTFALL, TAX)
"""What is billed for no time and no label. bonus: for labels that are right or in time.  credit: what is taken off
whatever the quality: a shortfall that was worked off, and labels that are cheaper since all of a period's have the
price of its last.  fee: set-up, and by the month.  hiring, leaving: by the person.  late_credit: for labels that are
late.  lot_credit: for lots that were refused.  malus: for labels that are wrong.  management: leads and project
managers, by the month.  notice: what those who left are paid on.  shortfall: what use lacks to a minimum.  tax: on
invoices. Seats are tooling."""

RECOVERED = (LOT_CREDIT, MALUS)
"""What the customer gets back for poor quality of labels, below zero in the ledger. Lateness is none."""

AGAIN = (RELABELLING, REWORK)
"""To annotate once more; contracts that pay no rework pay neither."""

_OF_KIND = {"inspect": "review", "prelabel": TOOLING, "dedup": TOOLING}
"""Activity of a kind of stage where it goes by another name."""


def activity_codes(kinds: Sequence[str]) -> Ints:
    """Place among ACTIVITIES of a task: int64[stage, again, question].

    kinds: of the stages.  again: 1 in later rounds, 2 in those that a rollback began.  question: 1 on
    items that are there only to test people: their truth is known, and they are not delivered. In a real log gold items
    may be delivered like any; then they are the work itself.
    """
    codes = np.full((len(kinds), 3, 2), ACTIVITIES.index(GOLD), np.int64)
    for stage, kind in enumerate(kinds):
        codes[stage, :, 0] = ACTIVITIES.index(_OF_KIND.get(kind, kind))
        if kind == "annotate":
            codes[stage, 1:, 0] = ACTIVITIES.index(REWORK), ACTIVITIES.index(RELABELLING)
    return codes
