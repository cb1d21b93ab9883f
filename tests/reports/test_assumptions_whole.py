"""What a line with every mechanism rests on, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lines import WEEK, constant, queue, whole

from labelcast.reports.assumptions import assumptions
from labelcast.scenarios.load import load
from labelcast.sim.line import (
    Absence,
    Consensus,
    Epoch,
    Learning,
    Line,
    OneOff,
    Pool,
    Relabel,
    Release,
    Running,
    Sampling,
    Training,
    Window,
)

DAY = 86_400.0
CASES = Path(__file__).parent.parent / "cases" / "valid"

WORDS: Mapping[str, str] = {
    "wip": "at most 120 items are in the line; others wait before it",
    "work.street.releases": "15 items on 27 Mar 2027 08:00",
    "work.street.sample": "90% of the items are labelled; the others are dropped on arrival",
    "work.street.duplicates": "10% of the items repeat an earlier one",
    "work.street.granularity": "annotation takes 1.2 times as long, a label costs 1.5 times as much",
    "work.street.objects": "exponential, mean 1.5, in whole numbers from 1; each takes a stage's time",
    "work.night.arrivals.rate": "2,400 items a week",
    "work.night.arrivals.calendar": "in the hours of office",
    "work.night.arrivals.growth": "10% a week",
    "work.night.arrivals.items": "at most 60 items",
    "work.night.arrivals.shape": "by hour: most on Mon 23:00 (1.14% of a week), least on Mon 00:00 (0.0476%)",
    "work.night.difficulty.hard.share": "20% of the items are hard ones",
    "work.night.difficulty.hard.harder": "1.5 logits harder on average",
    "work.night.due": "by 31 Mar 2027 09:00",
    "work.night.sensitive": "only pools that are cleared may see it",
    "calendars.office": "Mon-Fri 09:00-13:00, 14:00-18:00 (Europe/Paris), closed on 29 Mar 2027",
    "pools.crowd.sessions.rate": "400 visits a week, at random",
    "pools.crowd.tasks_per_session": (
        "a visit is good for so many tasks: lognormal, median 6, P95 31.1, in whole numbers from 1"
    ),
    "pools.crowd.sessions.returning": "70% of visits are by someone who came before",
    "pools.crowd.discipline": "earliest due date first",
    "pools.team.absence.share": "10% of days are missed",
    "pools.team.turnover.leaving": "of 100 people, 400 leave in a year",
    "pools.team.turnover.lead": "a place is empty for 2 days before a hire begins",
    "pools.team.mentoring.time": "each hire has 1 h a week of a colleague",
    "pools.team.mentoring.span": "for 4 weeks",
    "pools.team.mentoring.gain": "each task of a hire then counts as 2 of practice",
    "pools.team.learning.exponent": "after n tasks a task takes (1 + n)^−0.1 times as long; after 100, 0.63 times",
    "pools.team.fatigue.slower": "each hour on shift makes tasks 2% longer",
    "pools.team.drift.walk": "each one's skill wanders by 0.3 logits (sd) in 30 days",
    "pools.crowd.spammers": (
        "10% of the people answer without looking: each always gives one class, any being as likely"
    ),
    "pools.team.elasticity": "0.3: that changes skill by −0.03 logits",
    "pools.team.preempts": "a task that goes first stops one that is being done",
    "pools.judges.reviewing.spread.sensitivity": "0.5 logits over people",
    "pools.judges.reviewing.spread.false_alarm": "0.3 logits over people",
    "pools.judges.pick": "who is most skilled for its segment takes a task",
    "pools.judges.speed.factor": "tasks take 0.8 times as long",
    "stages.dedup.recall": "finds 80% of the duplicates",
    "stages.suggest.kind": "a model suggests labels",
    "stages.suggest.model.accuracy": "73.1% right on a middling item (1 logits)",
    "stages.suggest.gather.wait": "or 10 min after the first of them came",
    "stages.suggest.next": "suggested → annotate (90%) or clean (10%)",
    "stages.annotate.labels_per_item.lead": "2 at once, then one at a time until a label leads by as many",
    "stages.annotate.labels_per_item.max": "at most 4",
    "stages.annotate.route": "the easiest by prediction go to the first pool, as many as its share says",
    "stages.annotate.gold.ban_below": "who is right on fewer than 50% of them goes home for good",
    "stages.annotate.batch": "up to 3 tasks are taken together, with 30 s to set up",
    "stages.annotate.lock": "a task held longer than 20 min is issued again",
    "stages.annotate.handoff": "before a task is ready: exponential, mean 5 min",
    "stages.review.fraction.rest": "70% of items",
    "stages.review.fraction.segments": "by segment: night 100%",
    "stages.review.fraction.tenure": "by the author's practice: 100% until 5 tasks are done",
    "stages.review.rotation": "6 people at a time, others every 24 h",
    "stages.review.escalation": "what has waited 2 days goes to adjudicate",
    "stages.review.sla": "promised within 24 h of the item's coming",
    "stages.second.lot.accept": "a lot with none rejected is accepted; else all of it goes back",
    "stages.second.lot.switching.tightened": (
        "5 inspected, none rejected, after 2 of 5 lots or fewer are rejected, until 5 in a row are accepted"
    ),
    "stages.second.lot.switching.reduced": (
        "2 inspected, at most 1 rejected, after 10 or 15 good lots in a row (score 30), until one is rejected"
    ),
    "stages.second.lot.switching.screening": "2 lots inspected as a whole after 5 are rejected as tightened",
    "stages.second.shift_end": "a task goes back to its queue at the end of a shift, its time lost",
    "changes.pools.team.headcount": "from 29 Mar 2027 09:00: 7 people (before: 5 people)",
    "changes.train": "30 Mar 2027 09:00: everyone of team, 1 h on shift",
    "changes.relabel": "6 Apr 2027 09:00: 20% of the items delivered go back to annotate",
    "goals.windows.june": "60 items by 14 Apr 2027 09:00",
}


def told(line: Line) -> dict[str, str]:
    found = [(one.path, one.value) for one in assumptions(line)]
    assert len(found) == len(dict(found)), "no path twice: a page keeps one row a path"
    return dict(found)


def test_every_mechanism_has_its_line() -> None:
    """Releases, sampling, duplicates, granularity, crowds, absence, hires, learning, consensus, machines, lots, gold,
    batches, routing, disciplines, limits, changes with their dates, training, rollbacks, windows: in a planner's words
    with units."""
    found = told(whole())
    assert {path: found.get(path) for path in WORDS} == dict(WORDS)


def test_what_is_not_used_is_not_told() -> None:
    """A line of one stage has none of the rows of mechanisms that it leaves at their neutral setting."""
    plain = set(told(queue(2, 100.0, 10, constant(60.0))))
    assert plain == {
        "start",
        "timezone",
        "currency",
        "horizon",
        *(f"work.items.{key}" for key in ("arrivals.rate", "arrivals.calendar", "arrivals.items")),
        *(f"work.items.{key}" for key in ("classes", "priority", "due")),
        *(f"work.items.difficulty.{key}" for key in ("spread", "attractor")),
        "calendars.always",
        *(f"pools.annotators.{key}" for key in ("headcount", "calendar", "shrinkage", "pay")),
        *(f"pools.annotators.{key}" for key in ("speed.spread", "skill.mean", "skill.spread")),
        *(f"stages.annotate.{key}" for key in ("kind", "pools", "time", "labels_per_item", "rework_by", "next")),
    }


@pytest.mark.parametrize(
    ("consensus", "words"),
    [
        (Consensus(), {"": "3; the label with most votes counts"}),
        (Consensus("weighted"), {".weighted": "3; the label whose workers are the more skilled counts"}),
        (
            Consensus("posterior", threshold=0.9, most=5),
            {
                ".threshold": "one more at a time until the best label is 90% sure",
                ".start": "3 at once",
                ".max": "at most 5",
            },
        ),
    ],
)
def test_rules_of_consensus(consensus: Consensus, words: dict[str, str]) -> None:
    """Each rule is told under the keys that a scenario has for it."""
    line = queue(2, 100.0, 10, constant(60.0))
    line = replace(line, stages=(replace(line.stages[0], labels_per_item=3, consensus=consensus),))
    head = "stages.annotate.labels_per_item"
    assert {k.removeprefix(head): v for k, v in told(line).items() if k.startswith(head)} == words


def test_changes_of_one_path_stand_in_one_row_with_their_dates() -> None:
    """A ramp is one row; what begins or ends with a change says so; costs of several dates stand together."""
    line = queue(2, 100.0, 10, constant(60.0), start=whole().start, timezone="UTC")
    pool = line.pools[0]
    steps = [replace(pool, headcount=n, absence=Absence(0.05 if n == 4 else 0.0)) for n in (4, 6)]
    line = replace(
        line,
        epochs=tuple(Epoch((n + 1) * WEEK, pools=(each,)) for n, each in enumerate(steps)),
        one_offs=(OneOff(0.0, 3_000_000, "desk"), OneOff(DAY, 5_000_000, "tool"), OneOff(2 * DAY, 1_000_000, "move")),
        running=(Running(DAY, 300_000_000, "a licence"),),
        relabels=(Relabel(WEEK, "annotate", 0.4, DAY, "items"),),
        trainings=(Training(DAY, "annotators", 6.5),),
    )
    found = told(line)
    assert found["changes.pools.annotators.headcount"] == (
        "from 1 Apr 2027 08:00: 4 people; from 8 Apr 2027 08:00: 6 people (before: 2 people)"
    )
    assert found["changes.pools.annotators.absence.share"] == (
        "from 1 Apr 2027 08:00: 5% of days are missed; from 8 Apr 2027 08:00: no longer (before: none)"
    )
    assert found["changes.cost"] == (
        "25 Mar 2027 08:00: 3.00 EUR for desk; "
        "26 Mar 2027 08:00: 5.00 EUR for tool, only if the run lasts until then; "
        "27 Mar 2027 08:00: 1.00 EUR for move, only if the run lasts until then"
    )
    assert found["changes.running"] == (
        "from 26 Mar 2027 08:00: 300.00 EUR for a licence, each month that the run touches"
    )
    assert found["changes.relabel"] == (
        "1 Apr 2027 08:00: 40% of the items of items delivered since 26 Mar 2027 08:00 go back to annotate"
    )
    assert found["changes.train"] == "26 Mar 2027 08:00: everyone of annotators, 6.5 h on shift"


def test_dates_at_midnight_have_no_time_of_day() -> None:
    """A change of 1 May holds from its midnight; a window of 1 May asks for what is there at the end of that day."""
    line = queue(2, 100.0, 10, constant(60.0))
    segment = replace(line.segments[0], releases=(Release(28 * DAY, 500),), arrivals=None)
    line = replace(line, segments=(segment,), windows=(Window("may", 118 * DAY, 400, "items"),))
    found = told(line)
    assert found["work.items.releases"] == "500 items on 1 Feb 2027"
    assert found["goals.windows.may"] == "400 items of items by 1 May 2027"
    assert "work.items.backlog" not in found


def test_sampling_in_words() -> None:
    """How many, how they are spread, and the spreads that Neyman's rule was given."""
    line = queue(2, 100.0, 10, constant(60.0), sampling=Sampling(1_200, "neyman", {"items": 0.4}))
    found = told(line)
    assert found["sampling.items"] == "1,200 items are labelled, of all segments together"
    assert found["sampling.allocate"].startswith("neyman: ")
    assert found["sampling.spreads"] == "sd within each segment: items 0.4"


def test_a_default_of_a_mechanism_is_marked_where_it_is_told() -> None:
    """What nobody stated of learning, absence or a dip is ours in its own row, and what was stated is not."""
    pool: Any = Pool("annotators", 2, "always", absence=Absence(0.1), learning=Learning(gain=0.5))
    line = queue(2, 100.0, 10, constant(60.0), pools=(pool,))
    line = replace(
        line,
        epochs=(Epoch(WEEK, pools=(replace(pool, speed=1.3, headcount=3),)),),
        assumed=("pools.annotators.absence.paid", "pools.annotators.learning.half", "changes.dip.steps"),
    )
    ours = {one.path for one in assumptions(line) if one.origin == "default"}
    assert ours == {
        "pools.annotators.absence.paid",
        "pools.annotators.learning.half",
        "changes.pools.annotators.speed.factor",
    }


@pytest.mark.parametrize("case", sorted(CASES.glob("*.yaml")), ids=lambda case: str(case.stem))
def test_every_valid_scenario_is_told_in_words(case: Path) -> None:
    """Each default of ours in each case has words of its own, but for those of a pool that no stage names yet; and no
    path stands twice."""
    line = load(case)
    silent = [path for path, value in told(line).items() if "labelcast show" in value]
    working = {name for stage in line.stages for name, _ in stage.pools}
    assert not [path for path in silent if path.split(".")[1] in working or not path.startswith("pools.")]
