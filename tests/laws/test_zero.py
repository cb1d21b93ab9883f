"""Nothing is made of nothing: without errors and false alarms there is no rework."""

from __future__ import annotations

import dataclasses
import math

import anyline
import pytest
import twins
from hypothesis import given, settings
from lines import whole
from rewritten import rewrite
from twins import run

from labelcast.sim.line import Line
from labelcast.sim.log import Log
from labelcast.sim.plan import Plan
from labelcast.sim.reference import verdicts

PERFECT = {
    ("Pool", "skill_mean"): math.inf,
    ("Pool", "false_alarm"): 0.0,
    ("Spammers", "share"): 0.0,
    ("Model", "skill"): math.inf,
}
"""Nobody errs, everybody looks, and no right label is rejected."""


def perfect(line: Line) -> Line:
    """The line without errors, and without rollbacks, which send right labels back."""
    made = rewrite(line, lambda owner, field, value: PERFECT.get((owner, field), value))
    return dataclasses.replace(made, relabels=(), initial=())  # type: ignore[no-any-return]


def rework(log: Log) -> int:
    """Tasks of a later round, rejections, and wrong labels."""
    tasks, items = log.tasks, log.items
    truth = items["truth"].astype(object)
    wrong = items["final_label"].notna() & (items["final_label"].astype(object) != truth)
    return int((tasks["round"] > 0).sum() + (tasks["outcome"] == "rejected").sum() + wrong.sum())


@settings(deadline=None, max_examples=40, derandomize=True)
@given(anyline.lines().map(perfect))
def test_zero_errors_and_false_alarms_give_zero_rework(line: Line) -> None:
    """No task of a later round, no rejection, no wrong label, on any small line."""
    assert rework(run(Plan.of(line), 1, 0)) == 0


def test_zero_errors_give_zero_rework_when_everything_happens() -> None:
    """The same with all mechanisms, which do make rework where people err."""
    assert rework(run(Plan.of(perfect(whole(40))), 1, 0)) == 0
    assert rework(run(Plan.of(dataclasses.replace(whole(40), relabels=())), 1, 0)) > 0


def test_the_law_sees_a_judge_who_rejects_for_no_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: one verdict in ten is turned round."""
    twins.alone(monkeypatch)
    true, count = verdicts.rejects, iter(range(10**9))
    monkeypatch.setattr(verdicts, "rejects", lambda *a: true(*a) != (next(count) % 10 == 0))
    assert rework(run(Plan.of(perfect(whole(40))), 1, 0)) > 0
