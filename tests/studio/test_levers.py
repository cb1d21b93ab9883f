"""Levers, plans, links and the file that is saved, without a browser."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from labelcast.reports.studio.levers import Lever, together
from labelcast.reports.studio.plan import LONGEST, Base, Link, Past, kept, link_of, move
from labelcast.reports.studio.told import label
from labelcast.scenarios.library import scenarios
from labelcast.scenarios.load import load
from labelcast.sim.errors import ScenarioRefused
from labelcast.sim.line import anonymous

LINE = Path(__file__).parent / "line.yaml"

MOVES = {
    "pools.team.headcount": 7.0,
    "stages.review.fraction.rest": 60.0,
    "stages.annotate.labels_per_item.majority": 3.0,
    "stages.annotate.pools/vendor": 25.0,
    "pools.vendor.pay.per_label": 0.55,
}


@pytest.fixture(scope="module")
def base() -> Base:
    return Base.of(LINE)


def test_a_line_has_a_lever_for_people_reviews_labels_shares_and_prices(base: Base) -> None:
    """Law: what a planner may decide can be moved, and stands where the file has it."""
    found = {one.name: one.now for one in base.known}
    assert found == {
        "work.images.backlog": 400, "calendars.office.hours+h": 0, "calendars.office.days": 5,
        "pools.team.headcount": 4, "pools.vendor.headcount": 3, "pools.reviewers.headcount": 5,
        "stages.review.fraction.rest": 25, "stages.annotate.labels_per_item.majority": 2,
        "stages.annotate.pools/vendor": 40,
        "pools.team.pay.hourly": 26, "pools.vendor.pay.per_label": 0.4, "pools.reviewers.pay.hourly": 34,
    }  # fmt: skip


def test_levers_move_the_line(base: Base) -> None:
    """Law: each lever changes what it says and nothing else."""
    line = base.moved(MOVES)
    stages = {stage.name: stage for stage in line.stages}
    assert {pool.name: pool.headcount for pool in line.pools} == {"team": 7, "vendor": 3, "reviewers": 5}
    assert stages["review"].fraction == 0.6
    assert stages["annotate"].labels_per_item == 3
    assert dict(stages["annotate"].pools) == {"team": 0.75, "vendor": 0.25}
    assert anonymous(base.moved({})) == anonymous(base.line)


def test_shifts_are_longer_and_weeks_have_more_days(base: Base) -> None:
    """Law: hours go on at the end of each day, not beyond midnight; days are those from Monday on; both for all who
    work by that calendar, and the file that is saved says so."""
    line = base.moved({"calendars.office.hours+h": 1.5, "calendars.office.days": 6.0})
    before, after = (next(one for one in each.calendars if one.name == "office") for each in (base.line, line))
    assert {day for day, _, _ in before.intervals} == set(range(5))
    assert {day for day, _, _ in after.intervals} == set(range(6))
    monday, longer = ([one for one in each.intervals if one[0] == 0] for each in (before, after))
    assert longer[:-1] == monday[:-1]
    assert longer[-1] == (0, monday[-1][1], monday[-1][2] + 5_400)
    shortest = base.moved({"calendars.office.days": 1.0})
    assert {day for day, _, _ in next(one for one in shortest.calendars if one.name == "office").intervals} == {0}
    lever = base.lever("calendars.office.hours+h")
    assert lever is not None
    assert monday[-1][2] + 3_600 * lever.high <= 86_400


def test_the_work_is_more_or_less(base: Base) -> None:
    """Law: of what is there at the start and of what comes the number moves."""
    assert base.moved({"work.images.backlog": 900.0}).segments[0].backlog == 900
    queues = Base.of(LINE.parents[2] / "examples" / "queues.yaml")
    rates = [one for one in queues.known if one.name.endswith("arrivals.rate")]
    assert rates
    for lever in rates:
        name = lever.name.split(".")[1]
        was, now = (
            next(one.arrivals.per_week for one in each.segments if one.name == name)
            for each in (queues.line, queues.moved({lever.name: lever.nearest(2 * lever.now)}))
        )
        assert now == pytest.approx(2 * was)


def test_a_table_of_prices_is_multiplied_and_a_spare_vendor_can_be_given_work() -> None:
    """Law: prices in tiers move together; a pool that is paid and idle has a share of 0%."""
    found = Base.of(scenarios()["in-house"])
    line = found.moved({"stages.annotate.pools/vendor": 30.0, "pools.vendor.pay.per_label*x": 1.5})
    vendor = next(pool for pool in line.pools if pool.name == "vendor")
    assert [tier.price for tier in vendor.contract.per_label] == [630_000, 540_000]
    assert dict(next(stage for stage in line.stages if stage.name == "annotate").pools)["vendor"] == pytest.approx(0.3)


def test_a_batch_that_is_said_can_be_moved() -> None:
    """Law: of tasks that are taken together the number moves, and what else is said of a batch stays."""
    found = Base.of(LINE.parents[2] / "examples" / "queues.yaml")
    assert {one.name: one.now for one in found.known if one.group == "Batches"} == {"stages.annotate.batch.size": 20}
    line = found.moved({"stages.annotate.batch.size": 35.0})
    batch = next(stage for stage in line.stages if stage.name == "annotate").batch
    assert (batch.size, batch.setup_s) == (35, 60.0)


@pytest.mark.parametrize(
    "path",
    [LINE, *scenarios().values(), *sorted((LINE.parents[2] / "examples").glob("*.yaml"))],
    ids=lambda one: one.stem,
)
def test_what_is_saved_is_the_same_plan(path: Path, tmp_path: Path) -> None:
    """Law: the file that is saved stands alone and loads as the line that was seen, whoever said so; moved it has a
    name of its own, so that both can be compared."""
    if path.stem in ("crisis", "releases"):
        pytest.skip("it names a file that stays where it is")
    found = Base.of(path)
    moves = {one.name: one.nearest(one.now + one.step) for one in found.known if one.group == "Prices"}
    saved = tmp_path / path.name
    saved.write_text(found.text(moves), encoding="utf-8")
    line = load(saved)
    assert line.name == (f"{found.line.name}, moved" if moves else found.line.name)
    assert anonymous(replace(line, name=found.line.name)) == anonymous(found.moved(moves))


def test_a_plan_that_breaks_a_rule_is_refused_in_the_loaders_words(base: Base) -> None:
    """Law: more labels than people is told, with how to mend it."""
    with pytest.raises(ScenarioRefused, match="lower labels_per_item, or raise the headcount"):
        base.moved({"pools.vendor.headcount": 1.0})


@given(some.dictionaries(some.sampled_from("abcd"), some.floats(0, 100), max_size=4))
def test_shares_come_to_a_hundred(said: dict[str, float]) -> None:
    """Law: whatever shares are said, together they are the whole, and none is below nothing."""
    found = together({"a": 50.0, "b": 30.0, "c": 20.0, "d": 0.0}, said)
    assert sum(found.values()) == pytest.approx(100)
    assert min(found.values()) >= 0
    if sum(said.values()) <= 100 and len(said) < 4:
        assert all(found[name] == pytest.approx(value, abs=1e-6) for name, value in said.items())


@given(some.lists(some.sampled_from(["there", "back", "on"]), max_size=40))
def test_undo_and_redo_are_each_others_inverse(steps: list[str]) -> None:
    """Law: a redo brings back what an undo took away, and an undo what was before the last move."""
    past = Past()
    for number, step in enumerate(steps):
        if step == "there":
            after = past.then({"x": float(number)})
            assert after.undone().now == past.now
            past = after
        elif step == "back":
            assert not past.before or past.undone().redone() == past
            past = past.undone()
        else:
            past = past.redone()
    assert len(past.before) <= LONGEST


def test_moving_a_lever_back_is_not_a_move(base: Base) -> None:
    """Law: what stands where the file has it is not in the link."""
    moves = move(base, {}, "pools.team.headcount", 7)
    assert moves == {"pools.team.headcount": 7}
    assert move(base, moves, "pools.team.headcount", 4) == {}
    assert move(base, {}, "pools.team.headcount", 1e9) == {"pools.team.headcount": 12}


def test_a_link_says_what_was_moved_and_comes_back(base: Base) -> None:
    """Law: link_of(query) is the link; what the plan has no lever for is named, and hostile queries do no harm."""
    link = Link("file", MOVES, "vendor", {"pools.vendor.headcount": 12.0})
    assert link_of(link.query()) == link
    assert kept(base, {**MOVES, "pools.nobody.headcount": 1.0, "x": float("nan")}) == (
        MOVES,
        ["pools.nobody.headcount: no such lever", "x: no such lever"],
    )
    assert kept(base, {"pools.team.headcount": 99.0})[1] == ["pools.team.headcount=99: beyond its range, taken as 12"]
    assert kept(base, {"pools.team.headcount": float("nan")}) == ({}, ["pools.team.headcount: no number"])
    for query in ("", "plan=", "&" * 100_000, "x=1", "plan=" + "a" * 9_000, "%00=%ff&;;;=="):
        assert link_of(query) is None
    assert link_of("plan=file&x=<script>&y=1e999") == Link(
        "file", {"y": float("inf")}, unread=("x=<script>: no number",)
    )


def test_names_are_no_markup_in_labels() -> None:
    """Law: what a label is of shows as it was written."""
    assert label("a_b: people") == "a_b: people"
    assert label("__a__ [x](y) :red[z] <b> $1$") == r"\__a_\_ \[x\](y) \:red\[z\] \<b\> \$1\$"


def test_a_levers_values_are_written_as_a_file_has_them() -> None:
    """Law: no exponent, no tail of binary fractions, the unit after the number."""
    lever = Lever("p", "p", "Prices", "p", 0.0, 3.0, 0.01, 0.1, "EUR")
    assert [lever.shown(lever.nearest(one)) for one in (0.30000000004, 1e-9, 2.5)] == ["0.3 EUR", "0 EUR", "2.5 EUR"]
    assert Lever("p", "p", "Review", "p", 0.0, 100.0, 1.0, 25.0, "%").shown(60.0) == "60%"
