"""Work without classes: everything could be right, and the other labels are kinds of errors, each with its harm."""

from __future__ import annotations

import math

import numpy as np
import pytest
from flows import annotate, backlog, line_of, people, review, simulate

from labelcast.sim.kpis import kpis
from labelcast.sim.line import Line, Segment

KINDS = {"loose": 0.7, "missed": 0.2, "wrong kind": 0.1}
HARM = {"loose": 1.0, "missed": 5.0, "wrong kind": 20.0}
RIGHT, FOUND = 0.8, 0.85
BOXES = 6000


def boxes(attractor: float, reviewed: bool) -> Line:
    """Boxes that are right with chance RIGHT, and a review that finds a share FOUND of the errors, and once more."""
    segments: tuple[Segment, ...] = backlog(
        BOXES,
        classes={"right": 1.0} | dict.fromkeys(KINDS, 0.0),
        confusions={"right": KINDS},
        error_costs={"right": HARM},
        attractor=attractor,
    )
    pools = (
        people("annotators", 5, skill_mean=math.log(RIGHT / (1 - RIGHT))),
        people("reviewers", 5, skill_mean=0.0, sensitivity=FOUND, false_alarm=0.0),
    )
    stages = (annotate(60, to="review"), review(rounds=1)) if reviewed else (annotate(60),)
    return line_of(BOXES, stages, *pools, segments=segments)


@pytest.mark.parametrize("attractor", [math.inf, 3.0])
@pytest.mark.parametrize("reviewed", [False, True])
def test_harm_is_by_kind_of_error(attractor: float, reviewed: bool) -> None:
    """1,000 boxes do the harm 1000 e sum_k q_k h_k, where e is the share that is wrong in the end: 1 - p without a
    review; with one round, (1 - p) ((1 - f) + f (1 - p)). Whether errors of a box tend to be of one kind does not
    matter. 4 standard errors of 6,000 boxes."""
    line = boxes(attractor, reviewed)
    wrong = (1 - RIGHT) * ((1 - FOUND) + FOUND * (1 - RIGHT)) if reviewed else 1 - RIGHT
    shares, harms = np.array(list(KINDS.values())), np.array(list(HARM.values()))
    mean, square = wrong * shares @ harms, wrong * shares @ harms**2
    found = kpis(simulate(line), None, error_costs={"items": line.segments[0].error_costs})
    assert abs(found["accuracy"] - (1 - wrong)) < 4 * math.sqrt(wrong * (1 - wrong) / BOXES)
    assert abs(found["error_cost_per_1k"] - 1000 * mean) < 4 * 1000 * math.sqrt((square - mean**2) / BOXES)
