"""Which keys the `search:` block of a scenario file varies, over which values, and the lines of its plans."""

from __future__ import annotations

import pickle
import random
from dataclasses import replace
from pathlib import Path

import pytest
from short_scenario import SHORT, asked, changed, unasked

from labelcast.scenarios.draws import Draw
from labelcast.scenarios.load import load, show
from labelcast.scenarios.search.question import Objective
from labelcast.scenarios.search.read import keys_of, line_of, question_of, read_question
from labelcast.scenarios.unsure import Unsure
from labelcast.sim.errors import ScenarioRefused
from labelcast.sim.line import Batch, Consensus, Line, digest

EXAMPLE = Path(__file__).parents[2] / "examples" / "search.yaml"


def unordered(line: Line) -> Line:
    """A line without the order of what it says is written."""
    return replace(line, stated=tuple(sorted(line.stated or ())))


RANGES = [
    ("pools.team.headcount: 2..5", "whole", "2 3 4 5", (2, 3, 4, 5), 2),
    ("pools.team.headcount: 2..10 by 4", "whole", "2 6 10", (2, 6, 10), None),
    ("stages.annotate.batch: 5..7 items", "whole", "5 items|6 items|7 items", (5, 6, 7), None),
    ("stages.annotate.batch: 5 items..7 items", "whole", "5 items|6 items|7 items", (5, 6, 7), None),
    ("work.images.backlog: 50..150 items by 50", "whole", "50 items|100 items|150 items", (50, 100, 150), 1),
    ("stages.review.fraction: 5%..20% by 5%", "number", "5% 10% 15% 20%", (5, 10, 15, 20), 3),
    ("stages.annotate.time: 42 s..1 min by 9 s", "number", "42 s|51 s|60 s", (42, 51, 60), 0),
    ("stages.annotate.handoff: 1 h..2 h by 20 min", "number", "1 h|1.33333 h|1.66667 h|2 h", None, None),
    ("pools.team.speed.spread: 0.2..0.4 by 0.1", "number", "0.2 0.3 0.4", (0.2, 0.3, 0.4), 1),
    ("pools.team.pay.hourly: 20..22 EUR by 1 EUR", "number", "20 EUR|21 EUR|22 EUR", (20, 21, 22), 0),
    ("pools.team.headcount: [6, 4, 5]", "whole", "4 5 6", (4, 5, 6), 0),
    ("stages.annotate.handoff: [90 s, 1 min]", "number", "1 min|90 s", (60, 90), None),
    ("stages.review.fraction: [20%, 5%]", "number", "5% 20%", (5, 20), 1),
    ("stages.review.fraction.rest: [20%, 5%]", "number", "5% 20%", (5, 20), 1),
    ("pools.team.headcount.constant: 3..4", "whole", "3 4", (3, 4), 1),
]


@pytest.mark.parametrize(("vary", "kind", "texts", "numbers", "today"), RANGES, ids=[row[0] for row in RANGES])
def test_numbers_rise_in_one_unit(
    tmp_path: Path, vary: str, kind: str, texts: str, numbers: tuple[float, ...] | None, today: int | None
) -> None:
    """A range and a list of numbers are values in order, as a file would write them; today's is among them or is not;
    and each gives the line of the scenario with the value written in."""
    question = asked(tmp_path, f"vary: {{{vary}}}")
    (found,) = question.variables
    assert (found.kind, found.texts) == (kind, tuple(texts.split("|" if "|" in texts else " ")))
    assert numbers is None or found.numbers == pytest.approx(numbers, abs=1e-12)
    assert found.today == today
    lines = [line_of(question, (place,)) for place in range(len(found.nodes))]
    assert len(set(map(digest, lines))) == len(lines)
    if today is not None:
        assert replace(lines[today], stated=(), assumed=()) == replace(question.line, stated=(), assumed=())


def test_a_range_of_shares_has_about_twenty_round_steps(tmp_path: Path) -> None:
    """Where no step is said, both ends are values, those between them are round, and they rise."""
    (even,) = asked(tmp_path, "vary: {stages.review.fraction: 0%..100%}").variables
    assert even.numbers == tuple(range(0, 101, 5))
    (wide,) = asked(tmp_path, "vary: {stages.review.fraction: 1%..100%}").variables
    assert 15 <= len(wide.numbers) <= 21
    assert (wide.numbers[0], wide.numbers[-1]) == (1, 100)


CHOICES = [
    ("stages.annotate.labels_per_item: [1, 3, {lead: 2, max: 4}]", ["1", "3", "{lead: 2, max: 4}"], 0),
    ("stages.annotate.labels_per_item: [{lead: 2..3, max: 3..4}, 2]",
     ["{lead: 2, max: 3}", "{lead: 2, max: 4}", "{lead: 3, max: 3}", "{lead: 3, max: 4}", "2"], None),
    ("stages.annotate.batch: [~, 10 items, {size: 10 items, setup: 5 min}]",
     ["nothing", "10 items", "{size: 10 items, setup: 5 min}"], 0),
    ("stages.annotate.pools: [[team], {team: 60%, reviewers: 40%}]", ["[team]", "{team: 60%, reviewers: 40%}"], 0),
    ("pools.team.pay: [{hourly: 20 EUR}, {per_label: 0.1 EUR}]", ["{hourly: 20 EUR}", "{per_label: 0.1 EUR}"], 0),
    ("pools.team.calendar: [always, office]", ["always", "office"], 1),
    ("calendars.office: [{hours: '08:00-12:00'}, {days: Mon-Fri, hours: '09:00-17:00'}]",
     ["{hours: 08:00-12:00}", "{days: Mon-Fri, hours: 09:00-17:00}"], 1),
    ("stages.annotate.time: [42 s, {lognormal: {median: 30 s, p95: 90 s}}]",
     ["42 s", "{lognormal: {median: 30 s, p95: 90 s}}"], 0),
    ("pools.team.headcount: [4, {ramp: {2027-01-04: 2, 2027-01-05: 9}}]",
     ["4", "{ramp: {2027-01-04: 2, 2027-01-05: 9}}"], 0),
    ("wip: [~, 50 items]", ["nothing", "50 items"], 0),
    ("stages.review: [~, {pools: [reviewers], time: 5 s}]", ["nothing", "{pools: [reviewers], time: 5 s}"], None),
    ("stages.annotate.handoff: [1 h, ~]", ["1 h", "nothing"], 1),
    ("work.images.due: [1 day, 2 days..3 days by 1 day]", ["1 day", "2 days", "3 days"], None),
]  # fmt: skip


@pytest.mark.parametrize(("vary", "texts", "today"), CHOICES, ids=[row[0] for row in CHOICES])
def test_choices_stand_as_they_are_written(tmp_path: Path, vary: str, texts: list[str], today: int | None) -> None:
    """A choice may be a whole policy, or nothing; ranges in it stand for their combinations; each is another line."""
    question = asked(tmp_path, f"vary: {{{vary}}}")
    (found,) = question.variables
    assert list(found.texts) == texts
    assert found.kind == ("number" if found.numbers else "choice")
    assert found.today == today
    lines = [line_of(question, (place,)) for place in range(len(found.nodes))]
    assert len(set(map(digest, lines))) == len(lines)


PLACES: dict[str, tuple[str, list[str]]] = {
    "pools.team.headcount": ("TEAM", ["2", "5", "9"]),
    "pools.team.overtime": ("OVERTIME", ["0 s", "1 h", "90 min"]),
    "pools.reviewers.pay": ("PAY", ["{hourly: 30 EUR}", "{per_label: {tiers: {50: 0.2 EUR, rest: 0.1 EUR}}}", "acme"]),
    "pools.reviewers.calendar": ("WHEN", ["office", "always"]),
    "stages.annotate.labels_per_item": ("LABELS", ["1", "3", "{lead: 2, max: 5}", "{majority: 2}"]),
    "stages.annotate.pools": ("SHARES", ["[team]", "{team: 30%, reviewers: 70%}"]),
    "stages.annotate.batch.size": ("SIZE", ["10 items", "25 items"]),
    "stages.annotate.time": ("TIME", ["42 s", "{gamma: {mean: 30 s, shape: 2}}", "{uniform: {low: 9 s, high: 20 s}}"]),
    "stages.review.fraction": ("FRACTION", ["0%", "{rest: 20%, classes: {bus: 100%}}", "55.5%"]),
    "work.images.priority": ("PRIORITY", ["0", "2"]),
}  # fmt: skip
"""By path: what stands in its place in the text, and its values."""

TEXT = """labelcast: 1
start: 2027-01-04T09:00
timezone: Europe/Paris
currency: EUR
work:
  images: {backlog: 100 items, classes: {car: 70%, bus: 30%}, difficulty: {spread: 0.8}, priority: PRIORITY}
calendars:
  office: {days: Mon-Fri, hours: "09:00-17:00", holidays: FR}
contracts:
  acme: {per_label: 0.3 EUR, minimum: 100 EUR}
pools:
  team: {headcount: TEAM, overtime: OVERTIME, calendar: office, pay: {hourly: 20 EUR}}
  reviewers: {headcount: 12, calendar: WHEN, pay: PAY}
stages:
  annotate: {pools: SHARES, time: TIME, labels_per_item: LABELS, batch: {size: SIZE, setup: 1 min}}
  review: {pools: [reviewers], fraction: FRACTION, time: 10 s}
"""


def written(folder: Path, name: str, plan: dict[str, str], more: str = "") -> Path:
    """A file with these values written in it."""
    text = TEXT
    for path, (word, _) in PLACES.items():
        text = text.replace(word, plan[path])
    (folder / name).write_text(f"{text}{more}", encoding="utf-8")
    return folder / name


def test_a_plan_is_the_scenario_with_its_values_written_in_it(tmp_path: Path) -> None:
    """Whatever the file says today and whatever a plan chooses: the same line as a file that somebody writes by hand,
    or the same refusal; the line keeps the scenario's name, and luck has nothing to do with it."""
    luck = random.Random(5)
    vary = "".join(f"    {path}: [{', '.join(values)}]\n" for path, (_, values) in PLACES.items())
    refusals = 0
    for _ in range(6):
        today = {path: luck.choice(values) for path, (_, values) in PLACES.items()} | {"pools.team.headcount": "9"}
        question = read_question(written(tmp_path, "plan.yaml", today, f"search:\n  vary:\n{vary}"))
        assert [one.path for one in question.variables] == list(PLACES)
        for one in question.variables:
            assert one.today == one.texts.index(today[one.path])
        for _ in range(25):
            plan = tuple(luck.randrange(len(one.nodes)) for one in question.variables)
            chosen = {one.path: one.texts[place] for one, place in zip(question.variables, plan, strict=True)}
            (tmp_path / "hand").mkdir(exist_ok=True)
            by_hand = written(tmp_path / "hand", "plan.yaml", chosen)
            try:
                line = line_of(question, plan)
            except ScenarioRefused:
                refusals += 1
                with pytest.raises(ScenarioRefused):
                    load(by_hand)
            else:
                assert unordered(line) == unordered(load(by_hand))
                assert line.name == "plan"
        as_is = tuple(one.today for one in question.variables)
        assert None not in as_is
        assert line_of(question, tuple(place or 0 for place in as_is)) == question.line
    assert refusals > 0, "three labels of two people are refused"


def test_a_search_says_nothing_of_the_line(tmp_path: Path) -> None:
    """A scenario with a search is simulated as without it: line, digest and machine form are the same."""
    (tmp_path / "asked.yaml").write_text(SHORT)
    bare = load(tmp_path / "asked.yaml")
    question = asked(tmp_path, "minimise: finish, vary: {pools.team.headcount: 2..9}")
    assert question.line == bare
    assert (digest(question.line), show(question.line)) == (digest(bare), show(bare))
    assert question.path == tmp_path / "asked.yaml"


def test_a_block_is_merged_key_by_key(tmp_path: Path) -> None:
    """A file that extends another takes its search over; of what both say its own counts, values as a whole."""
    base = (
        "search: {minimise: cost, subject_to: [accuracy >= 90%], "
        "vary: {pools.team.headcount: [4, 9], stages.review.fraction: [5%, 50%]}}\n"
    )
    (tmp_path / "base.yaml").write_text(f"{SHORT}{base}")
    upper = "search: {maximise: accuracy, subject_to: [on_time >= 80%], vary: {pools.team.headcount: 3..5}}\n"
    (tmp_path / "upper.yaml").write_text(f"labelcast: 1\nextends: base.yaml\n{upper}")
    question = read_question(tmp_path / "upper.yaml")
    assert {one.path: one.texts for one in question.variables} == {
        "pools.team.headcount": ("3", "4", "5"),
        "stages.review.fraction": ("5%", "50%"),
    }
    assert set(question.objectives) == {Objective("cost", "low"), Objective("accuracy", "high")}
    assert [one.text for one in question.constraints] == ["on_time >= 80%"]


def test_values_lie_over_a_profile_and_a_base(tmp_path: Path) -> None:
    """What varies may come from a profile or a file that is extended; all of what stands there gives way."""
    (tmp_path / "any.profile.yaml").write_text(
        "labelcast_profile: 1\nprovenance: {version: 0.1.0}\n"
        "scenario: {stages: {annotate: {time: {lognormal: {median: 30 s, p95: 90 s}}}}}\n"
    )
    batch = "batch: {size: 9 items, setup: 1 min}"
    (tmp_path / "base.yaml").write_text(changed(("pools: [team], time: 42 s", f"pools: [team], {batch}")))
    times = "stages.annotate.time: [42 s, {gamma: {mean: 7 s, shape: 2}}]"
    upper = f"search: {{vary: {{{times}, stages.annotate.batch: [9 items, 2 items]}}}}\n"
    (tmp_path / "upper.yaml").write_text(f"labelcast: 1\nextends: base.yaml\n{upper}")
    question = read_question(tmp_path / "upper.yaml", tmp_path / "any.profile.yaml")
    assert [one.today for one in question.variables] == [None, None]
    line = line_of(question, (1, 0))
    assert line.stages[0].time.family == "gamma"
    assert (line.stages[0].batch.size, line.stages[0].batch.setup_s) == (2, 0.0)
    assert "stages.annotate.time.gamma.mean" in (line.stated or ())
    assert not any("annotate.time" in path for path in line.fitted)
    assert any("annotate.time" in path for path in question.line.fitted)


def test_a_profile_asks_nothing(tmp_path: Path) -> None:
    """A profile is what was fitted; a search in it is refused."""
    (tmp_path / "any.profile.yaml").write_text(
        "labelcast_profile: 1\nscenario: {search: {vary: {wip: [1 items, 2 items]}}}\n"
    )
    (tmp_path / "asked.yaml").write_text(SHORT)
    with pytest.raises(ScenarioRefused, match=r"scenario\.search: does not belong into a profile"):
        load(tmp_path / "asked.yaml", tmp_path / "any.profile.yaml")


REFUSED = [
    ("pools.teem.headcount: 2..4", '15:17  search.vary.pools.teem.headcount: no pool is named "teem"'),
    ("pools.team.headcont: 2..4", 'pools.team has no key "headcont". Did you mean "headcount"?'),
    ("start: [2027-01-04, 2027-01-05]", "15:17  search.vary.start: start is the same in all plans."),
    ("goals.deadline: [2027-01-04, 2027-01-05]", "goals is the same in all plans."),
    ("pools: [1, 2]", 'must name one key, but "pools" is a whole'),
    ("pools.team.headcount.x: 2..4", 'pools.team.headcount has no key "x"'),
    ("stages.annotate.time: 5..40", '15:39  search.vary.stages.annotate.time: a time needs a unit, but got "5"'),
    ("stages.review.fraction: 50%..150% by 50%", 'must be at most 100%, but got "150%"'),
    ("pools.team.headcount: 0.5..1.5 by 0.5", 'must be a whole number, but got "0.5"'),
    ("stages.annotate.time: [5 s, 4 items]", 'must be a time, but got "4 items"'),
    ("stages.annotate.pools: [[team], [teem]]", '[teem]: no pool is named "teem"'),
    ("pools.team.calendar: [office, offce]", 'no calendar is named "offce"'),
    ("stages.annotate.labels_per_item: [1, {lead: 3, max: 2}]", "{lead: 3, max: 2}: 3 labels at once are more"),
    ("stages.annotate.labels_per_item: [1, {max: 2..3}]", "{max: 2}: needs majority, weighted, lead or threshold"),
    ("stages.annotate.labels_per_item: [1, 1]", 'values must be different, but "1" and "1" are one'),
    ("stages.annotate.labels_per_item: [1, {majority: 1}]", 'but "1" and "{majority: 1}" are one'),
    ("stages.annotate.handoff: [60 s, 1 min]", 'but "60 s" and "1 min" are one'),
    ("pools.team.headcount: 2..4, pools.team: [~, {headcount: 3}]", "take each other's place"),
    ("pools.team.headcount: 2..4, pools.team.sessions: [3/hour, 4/hour]", "take each other's place"),
    ("stages.annotate.labels_per_item: [1, 30]", '"30" is refused: '),
    ("stages.annotate.labels_per_item: [1, 30], pools.team.headcount: 2..9", '"30" is refused whatever else is'),
    ("pools.team.headcount: [~, 3]", '"nothing" is refused: '),
]  # fmt: skip


@pytest.mark.parametrize(("vary", "message"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_may_not_vary_is_told(tmp_path: Path, vary: str, message: str) -> None:
    """A key that is not there or is the same in all plans, and a value that is wrong in itself, are refused where they
    stand."""
    (found,) = unasked(tmp_path, f"vary: {{{vary}}}")
    assert message in found
    assert found.startswith("15:")


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    """Objectives, claims, keys and values, by position."""
    found = unasked(
        tmp_path,
        "minimise: [cots, finish], subject_to: [acuracy >= 90%, on_time >= 3], "
        "vary: {pools.teem.headcount: 2..4, stages.annotate.time: 5..40, wip: [1 items, 1 items], goals: [1, 2]}",
    )
    words = ["cots", "acuracy", "a share needs", "teem", "a time needs", "must be different", "goals is the same"]
    assert [word for one, word in zip(found, words, strict=True) if word in one] == words


def test_what_others_may_mend_is_refused_as_part_of_a_plan(tmp_path: Path) -> None:
    """Nine labels of four people are too many, and of nine are not: the value stands, and one plan is refused."""
    question = asked(tmp_path, "vary: {stages.annotate.labels_per_item: [1, 9], pools.team.headcount: 4..9}")
    with pytest.raises(ScenarioRefused, match="needs 9 people of team"):
        line_of(question, (1, 0))
    assert line_of(question, (1, 5)).stages[0].labels_per_item == 9


def test_keys_that_need_one_another_vary_together(tmp_path: Path) -> None:
    """Neither the size of a batch nor its set-up can be written alone where there is no batch; together they can."""
    question = asked(
        tmp_path, "vary: {stages.annotate.batch.setup: [1 min, 2 min], stages.annotate.batch.size: 5..7 items}"
    )
    assert [one.today for one in question.variables] == [None, None]
    assert line_of(question, (1, 2)).stages[0].batch == Batch(size=7, setup_s=120.0)


def test_a_deeper_key_leaves_what_stands_beside_it(tmp_path: Path) -> None:
    """The most labels of a rule vary, and the rule stays; so does a segment's share of reviews beside the rest's."""
    rule = "labels_per_item: {lead: 2, max: 4}, pools: [team], time: 42 s"
    share = "fraction: {classes: {bus: 100%}, rest: 20%}"
    text = changed(("pools: [team], time: 42 s", rule), ("fraction: 20%", share))
    vary = "stages.annotate.labels_per_item.max: 2..4, stages.review.fraction.rest: [20%, 5%]"
    question = asked(tmp_path, f"vary: {{{vary}}}", text)
    assert [one.today for one in question.variables] == [2, 1]
    line = line_of(question, (1, 0))
    assert line.stages[0].consensus == Consensus("lead", lead=2, most=3)
    assert (line.stages[1].fraction, line.stages[1].class_fractions) == (0.05, {"bus": 1.0})


def test_a_plan_is_drawn_as_its_scenario_is(tmp_path: Path) -> None:
    """What a range of `changes` leaves open is drawn in a plan as in the scenario, by the number of the draw."""
    changes = "changes: [{on: 2027-01-05, path: stages.annotate.time, factor: 0.5..0.9}]\n"
    question = asked(tmp_path, "vary: {pools.team.headcount: 3..5}", SHORT + changes)
    for number in range(3):
        drawn = load(question.path, draw=Draw(1, number, 0))
        plan = Unsure(question.path, None, 1, keys=keys_of(question, (1,)))(number)
        assert plan.epochs == drawn.epochs
        assert plan.pools[0].headcount == 4
    assert drawn.epochs != line_of(question, (1,)).epochs


def test_the_value_of_a_key_that_is_not_used_today_is_found(tmp_path: Path) -> None:
    """A pool that gets no work today is no part of the line, so all its headcounts give today's line; what the file
    says is today's value all the same."""
    text = changed(("pools:\n", "pools:\n  spare: {headcount: 3, calendar: office}\n"))
    vary = "pools.spare.headcount: 2..4, stages.annotate.pools: [[team], [spare]]"
    first, second = asked(tmp_path, f"vary: {{{vary}}}", text).variables
    assert (first.today, second.today) == (1, 0)


def test_a_scenario_without_a_search_asks_nothing(tmp_path: Path) -> None:
    """It is told what to write; what asks of any scenario gets nothing."""
    (tmp_path / "asked.yaml").write_text(SHORT)
    assert question_of(tmp_path / "asked.yaml") is None
    with pytest.raises(ScenarioRefused, match="has no `search:`, so nothing may vary"):
        read_question(tmp_path / "asked.yaml")


def test_the_example_asks(tmp_path: Path) -> None:
    """The example of the folder can be asked, holds today's plan, and survives the way to another process."""
    question = read_question(EXAMPLE)
    assert len(question.variables) == 6
    again = pickle.loads(pickle.dumps(question))
    assert again == question
    today = [one.today for one in question.variables]
    assert None not in today
    plan = tuple(place or 0 for place in today)
    assert unordered(line_of(again, plan)).stages == question.line.stages
    assert question.kpis == ("cost", "finish_days", "accuracy")
