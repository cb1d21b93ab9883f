"""Lines that can never finish are refused, and no others: ways that hold an item, people who never come, work that
nobody may see."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from short_scenario import changed, loaded, refusal
from twins import run

from labelcast.scenarios.feasible import infeasible
from labelcast.sim.errors import Infeasible
from labelcast.sim.line import DELIVER, Calendar, Distribution, Line, Pool, Segment, Stage, Target
from labelcast.sim.plan import Plan

NAMES = ("a", "b", "c")


def line_of(next_of: dict[str, dict[str, Target]]) -> Line:
    """A line of stages at which an item may be labelled or tied, as its luck will have it."""
    from datetime import datetime

    time = Distribution("constant", {"value": 1.0})
    stages = tuple(Stage(name, "annotate", (("team", 1.0),), time, next_of[name]) for name in NAMES)
    return Line(
        "any", datetime(2027, 1, 4), "UTC", "EUR", 86_400.0,
        segments=(Segment("x", backlog=1),),
        calendars=(Calendar("always", "UTC", tuple((day, 0, 86_400) for day in range(7))),),
        pools=(Pool("team", 500, "always"),),
        stages=stages, first="a",
    )  # fmt: skip


def holds(next_of: dict[str, dict[str, Target]]) -> bool:
    """Whether some outcome for each stage, always the same, keeps an item from `a` for ever with a positive chance: by
    trying all of them, each as a Markov chain."""
    for outcomes in itertools.product(("labelled", "tied"), repeat=len(NAMES)):
        chain = np.zeros((4, 4))
        chain[3, 3] = 1.0
        for row, (name, outcome) in enumerate(zip(NAMES, outcomes, strict=True)):
            way = next_of[name][outcome]
            for target, chance in ((way, 1.0),) if isinstance(way, str) else way:
                chain[row, 3 if target == DELIVER else NAMES.index(target)] += chance
        if np.linalg.matrix_power(chain, 4096)[0, 3] < 1 - 1e-9:
            return True
    return False


TARGETS = (*NAMES, DELIVER)
ways = st.one_of(
    st.sampled_from(TARGETS),
    st.lists(st.sampled_from(TARGETS), min_size=2, max_size=3, unique=True).map(
        lambda names: tuple((name, 1 / len(names)) for name in names)
    ),
)


@settings(max_examples=300, deadline=None)
@given(st.fixed_dictionaries({name: st.fixed_dictionaries({"labelled": ways, "tied": ways}) for name in NAMES}))
def test_what_can_hold_an_item_is_refused(next_of: dict[str, dict[str, Target]]) -> None:
    """A line is refused for its ways exactly when some luck with labels can keep an item for ever; chances below one
    never do."""
    told = [message for _, message in infeasible(line_of(next_of))]
    refused = any("never leave" in message or "without end" in message for message in told)
    assert refused is holds(next_of)


def test_loops_by_chance_end(tmp_path: Path) -> None:
    """A line with a loop by chance is taken, and the engine delivers every item of it; on average each goes round as
    often as the geometric distribution says."""
    text = changed(("time: 42 s}", "time: 42 s, next: {labelled: check}}"))
    text = text.replace(
        "  review: {pools: [reviewers], fraction: 20%, time: 10 s}",
        "  check: {kind: work, pools: [reviewers], time: 10 s, next: {done: {check: 40%, deliver: 60%}}}",
    ).replace("100 items", "2_000 items")
    log = run(Plan.of(loaded(tmp_path, text)), 1, 0)
    assert log.items["delivered_at"].notna().all()
    visits = int((log.tasks["stage"] == "check").sum()) / 2000
    assert visits == pytest.approx(1 / 0.6, abs=0.12)  # five standard errors of sqrt(0.4) / 0.6 / sqrt(2000)


@pytest.mark.parametrize(
    ("check", "again", "told"),
    [
        ("check: 90%, deliver: 10%", "check", ""),
        ("check: 91%, deliver: 9%", "check", "up to 91%."),
        ("again: 95%, deliver: 5%", "{check: 94%, deliver: 6%}", ""),  # 0.95 x 0.94 = 0.893
        ("again: 95%, deliver: 5%", "{check: 96%, deliver: 4%}", "up to 91.2%."),
        ("check: 50%, again: 45%, deliver: 5%", "{check: 90%, deliver: 10%}", "up to 90.5%."),  # 0.5 + 0.45 x 0.9
    ],
)
def test_loops_by_chance_are_seldom_gone_round(tmp_path: Path, check: str, again: str, told: str) -> None:
    """The chance of coming back to a stage is at most 90%, over all ways that lead there, each the product of its
    chances: the engine has luck for 256 visits."""
    text = changed(("time: 42 s}", "time: 42 s, next: {labelled: check}}"))
    stages = f"  check: {{kind: work, pools: [reviewers], time: 10 s, next: {{done: {{{check}}}}}}}"
    if "again" in check:
        stages += f"\n  again: {{kind: work, pools: [reviewers], time: 10 s, next: {{done: {again}}}}}"
    text = text.replace("  review: {pools: [reviewers], fraction: 20%, time: 10 s}", stages)
    if told:
        assert told in refusal(tmp_path, text)
    else:
        assert loaded(tmp_path, text).stages


LATE = [
    ("headcount: 5", "headcount: {ramp: {2027-02-01: 5}}", ""),
    ("headcount: 5", "headcount: {ramp: {2027-02-01: 0, 2027-03-01: 1}}", ""),
    ("headcount: 5", "headcount: {ramp: {2027-01-04: 5, 2027-03-01: 0}}", "from 2027-03-01 on, must be at least 1"),
    ("headcount: 5", "headcount: {ramp: {2020-01-04: 0}}", "must be at least 1"),
]


@pytest.mark.parametrize(("old", "new", "told"), LATE)
def test_people_may_come_later_but_must_stay(tmp_path: Path, old: str, new: str, told: str) -> None:
    """Nobody at the start is fine if somebody comes; nobody in the end is not, since items may come late."""
    text = changed((old, new))
    if told:
        assert told in refusal(tmp_path, text)
    else:
        assert loaded(tmp_path, text).epochs


SECOND = "{headcount: 3, calendar: office, pay: {hourly: 30 EUR}}"
UNTIL_NOON = "{ramp: {2027-01-04: 4, 2027-01-04T12:00: 0}}"


def shared(route: str, headcount: str, second: str = SECOND, more: str = "") -> str:
    """Two pools label by a route, the first of them with a headcount of its own; others review each label."""
    text = changed(
        ("headcount: 4", f"headcount: {headcount}"),
        ("  reviewers: ", f"  second: {second}\n  reviewers: "),
        ("pools: [team], time: 42 s", f"pools: {{team: 50%, second: 50%}}, time: 10 min, route: {route}{more}"),
    )
    return text.replace("fraction: 20%", "fraction: 100%")


@pytest.mark.parametrize("route", ["prefer", "skill"])
@pytest.mark.parametrize(("headcount", "more"), [("0", ""), (UNTIL_NOON, ", rework_by: anyone")])
def test_a_pool_may_be_empty_where_others_take_its_work(tmp_path: Path, route: str, headcount: str, more: str) -> None:
    """Where a task waits for all pools of its stage, one of them may have nobody: the engine delivers every item."""
    log = run(Plan.of(loaded(tmp_path, shared(route, headcount, more=more))), 1, 0)
    assert log.items["delivered_at"].notna().all()
    assert (log.tasks["round"] > 0).any()


@pytest.mark.parametrize(
    "text",
    [
        shared("share", "0"),
        shared("shortest", "0"),  # by night all are empty, and the first is chosen
        shared("difficulty", "0"),
        shared("prefer", UNTIL_NOON),  # what is sent back may wait for the pool of its author
        shared("prefer", "0", "{headcount: 0, calendar: office}"),
        shared("prefer", "0, cleared: true").replace("100 items", "100 items, sensitive: true"),
        shared("prefer", "0", "{headcount: 3, masters: {images: 10%}, calendar: office}"),
    ],
)
def test_a_pool_may_not_be_empty_where_others_cannot_take_its_work(tmp_path: Path, text: str) -> None:
    """Where the pool of a task is settled, or those of the other pools may not do it."""
    assert "must be at least 1, because annotate needs this pool" in refusal(tmp_path, text)


def test_a_pool_that_no_stage_names_any_more_may_close(tmp_path: Path) -> None:
    """After the shares have moved to others, its headcount may fall to nobody; not before."""
    other = "  vendor: {headcount: {ramp: {2027-01-04: 3, 2027-03-01: 0}}, calendar: office}\nstages:"
    shares = ("annotate: {pools: [team]", "annotate: {pools: {team: 50%, vendor: 50%}")
    move = "changes:\n  - {on: 2027-02-15, path: stages.annotate.pools, value: [team]}\n"
    assert len(loaded(tmp_path, changed(("stages:", other), shares) + move).epochs) == 2
    assert "from 2027-03-01 on" in refusal(tmp_path, changed(("stages:", other), shares))


def test_nobody_sees_what_they_may_not(tmp_path: Path) -> None:
    """With one cleared pool at each stage the engine gives it every sensitive item, whatever the shares; with none the
    plan is infeasible, exit code 4, and says how many items are not met."""
    text = changed(
        ("backlog: 100 items", "sensitive: yes, backlog: 100 items"),
        ("headcount: 4", "cleared: yes, headcount: 4"),
        ("headcount: 5", "cleared: yes, headcount: 5"),
        ("annotate: {pools: [team]", "annotate: {pools: {team: 10%, vendor: 90%}"),
        ("stages:", "  vendor: {headcount: 3, calendar: office}\nstages:"),
    )
    tasks = run(Plan.of(loaded(tmp_path, text)), 1, 0).tasks
    assert set(tasks["pool"][tasks["stage"] == "annotate"]) == {"team"}
    with pytest.raises(Infeasible, match=r"100 items are not met") as barred:
        loaded(tmp_path, text.replace("cleared: yes, headcount: 4", "headcount: 4"))
    assert barred.value.exit_code == 4
