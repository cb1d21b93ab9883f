"""Criteria of the requirements that no other test checks to the letter, each on the smallest line that tells."""

from __future__ import annotations

import dataclasses
import math
from itertools import pairwise, product
from pathlib import Path

import pytest
from flows import SURE, annotate, backlog, items, line_of, people, review, rows, simulate
from lines import ALWAYS, WEEK, constant, exponential, logit
from scipy import stats
from small import SCENARIO

from labelcast.scenarios.catchup import falls
from labelcast.scenarios.compare import MORE, compare
from labelcast.scenarios.expectations import expectation
from labelcast.scenarios.load import load
from labelcast.sim.estimates.consensus import Majority, verdicts
from labelcast.sim.estimates.difficulty import HIGHEST, difficulty
from labelcast.sim.kpis import confusion, kpis
from labelcast.sim.ledger import Terms, ledger
from labelcast.sim.line import (
    Arrivals,
    Calendar,
    Contract,
    Epoch,
    Goal,
    Learning,
    Line,
    Mentoring,
    Pool,
    Segment,
    Stage,
    Steps,
    Tier,
)
from labelcast.sim.replicate import Runs, replicate, summaries
from labelcast.sim.statistics import wilson
from labelcast.sim.store import read_log

WORK = Segment("items", arrivals=Arrivals(12.0 * 0.4 / 60.0 * WEEK, "always", items=400))
"""What keeps twelve people of 60 s a task busy to 40%."""

CENTS_42 = Contract(per_label=(Tier(None, 420_000),))


LATE = (", feedback_delay: 6 h", ", feedback_delay: 2 days", ", feedback_delay: 5 days")

ALONE = """labelcast: 1
name: alone
start: 2027-01-04T00:00
timezone: UTC
currency: EUR
work: {images: {backlog: 900 items, classes: {car: 70%, bus: 30%}}}
pools:
  alone: {headcount: 1, calendar: always, skill: {mean: 2, spread: 0}}
  judge: {headcount: 1, calendar: always, reviewing: {sensitivity: 100%, false_alarm: 0%}}
stages:
  annotate: {pools: [alone], time: {lognormal: {median: 600 s, p95: 1500 s}}}
  review: {pools: [judge], time: 10 s}
"""
"""One person who labels, and a quick judge who finds every error."""


def runs(line: Line, count: int = 1) -> Runs:
    """So many replications, in this process."""
    return replicate(line, count, processes=1)


def one(line: Line) -> dict[str, float]:
    """The KPIs of one replication."""
    return {str(name): float(value) for name, value in runs(line).kpis.iloc[0].items()}


def test_the_chance_of_accuracy_is_sure_without_errors_none_with_them_and_rises_with_skill() -> None:
    """R01. Of the line and of a segment: 1 where nobody errs, 0 where everybody does, each with Wilson's interval of 40
    of 40 and 0 of 40; on common random numbers no replication that met the goal misses it where people are better."""
    chances, met = [], []
    for skill in (-SURE, 0.5, 1.0, 1.5, 2.0, 2.5, SURE):
        line = line_of(
            30, (annotate(),), people("annotators", 3, skill_mean=skill), goals=(Goal("accuracy", ">=", 0.8),)
        )
        found = runs(line, 40)
        chances.append(summaries(found)["p_accuracy"])
        met.append(found.kpis["accuracy"].to_numpy() >= 0.8)
        of_segment = expectation("P(accuracy.segment.items >= 80%) >= 50%", line)
        assert of_segment.holds(found) == (chances[-1].mean >= 0.5)
    none, *some, sure = chances
    assert (none.mean, none.low, none.high) == (0.0, *wilson(0, 40))
    assert (sure.mean, sure.low, sure.high) == (1.0, *wilson(40, 40))
    assert none.mean < some[1].mean < some[-1].mean
    assert all((after >= before).all() for before, after in pairwise(met))


def test_without_rework_what_passes_all_gates_is_the_product_of_first_pass_yields() -> None:
    """R04. Two gates, rejects leave. The share that passes both is the rolled yield, exactly; each yield is that of
    Bayes: q (1 - false alarm) + (1 - q) (1 - sensitivity), where q, the share of right labels, rises from gate to
    gate. 4,000 items, four standard errors (false alarm 6e-5 each; the seed is fixed)."""
    count, q = 4000, 0.8
    gates = {"first": (0.7, 0.1), "second": (0.9, 0.2)}
    judges = [people(name, 9, sensitivity=s, false_alarm=f, skill_mean=0.0) for name, (s, f) in gates.items()]
    stages = [annotate(to="first")]
    for name, to in (("first", "second"), ("second", "deliver")):
        ways = {"accepted": to, "rejected": "annotate", "exhausted": "deliver"}
        stages.append(Stage(name, "review", ((name, 1.0),), constant(10), ways, rounds=0))
    log = simulate(line_of(count, tuple(stages), people("annotators", 9, skill_mean=logit(q)), *judges))
    found, passed = kpis(log, None), log.tasks.query("stage == 'second' and outcome == 'accepted'")
    assert found["rework_rate"] == 0.0
    assert found["rolled_yield"] == pytest.approx(len(passed) / count, rel=1e-12)
    seen, product_of = count, 1.0
    for name, (sensitivity, false_alarm) in gates.items():
        right = q * (1 - false_alarm)
        share = right + (1 - q) * (1 - sensitivity)
        error = math.sqrt(share * (1 - share) / seen)
        assert abs(found[f"first_pass_yield.{name}"] - share) < 4 * error, name
        seen, q, product_of = round(seen * share), right / share, product_of * share
    assert abs(found["rolled_yield"] - product_of) < 4 * math.sqrt(product_of * (1 - product_of) / count)


@pytest.mark.parametrize("factor", [0.5, 2.0, 3.5])
def test_hours_and_money_are_linear_in_granularity(factor: float) -> None:
    """R06. So many times the time and the price: so many times the hours and the cost, of the segment and in all."""
    plain, finer = (
        one(
            line_of(
                0,
                (annotate(),),
                people("annotators", 2, contract=CENTS_42),
                segments=backlog(20, time_factor=by, price_factor=by),
            )
        )
        for by in (1.0, factor)
    )
    assert (plain["active_h"], plain["cost"]) == pytest.approx((20 * 60 / 3600, 20 * 0.42))
    for name in ("active_h", "active_h.segment.items", "cost", "cost.segment.items"):
        assert finer[name] == pytest.approx(factor * plain[name], rel=1e-12), name


def test_without_elasticity_pay_changes_no_label() -> None:
    """R08. By the hour, by the piece, with bonus and malus, and in haste: the same accuracy, replication by
    replication, at other costs; with an elasticity haste makes errors, so that the comparison could fail."""
    schemes = {
        "hour": Contract(hourly=30_000_000),
        "piece": CENTS_42,
        "bonus": dataclasses.replace(CENTS_42, accuracy=Steps(((0.0, -0.1), (0.7, 0.0), (0.75, 0.2)), "all")),
    }
    same, hasty = [], []
    for contract, (hurry, elasticity) in product(schemes.values(), ((1.0, 0.0), (0.6, 0.0), (0.6, 2.0))):
        pool = people("annotators", 3, skill_mean=1.2, contract=contract, hurry=hurry, elasticity=elasticity)
        found = runs(line_of(200, (annotate(),), pool), 4).kpis
        (same if elasticity == 0.0 else hasty).append(found["accuracy"].tolist())
        assert found["cost_per_accepted_label"].tolist() == (found["cost"] / 200).tolist()
    assert all(each == same[0] for each in same)
    assert all(each == hasty[0] != same[0] for each in hasty)


def test_a_suggestion_speeds_nobody_up_unless_somebody_says_so(tmp_path: Path) -> None:
    """R10. Of a scenario that only has a model: those who keep its label and those who change it take as long as
    without it, some keep it unread, and all three are listed as assumptions of ours."""
    text = SCENARIO.replace("stages:", "stages:\n  suggest: {kind: prelabel, time: 1 s, model: {accuracy: 85%}}")
    path = tmp_path / "model.yaml"
    path.write_text(text, encoding="utf-8")
    line = load(path)
    suggestion = next(stage for stage in line.stages if stage.kind == "annotate").suggestion
    assert (suggestion.accept_time, suggestion.fix_time) == (1.0, 1.0)
    assert suggestion.anchoring > 0.0
    assert {f"stages.annotate.suggestion.{name}" for name in ("anchoring", "accept_time", "fix_time")} <= set(
        line.assumed
    )


def test_a_log_that_is_read_again_gives_the_same_kpis(tmp_path: Path) -> None:
    """R11, the half that stands. The Parquet file of a run, replayed: its ledger and all KPIs are those that the run
    told, although the run kept no log of its own to count from."""
    path = tmp_path / "small.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    line, file = load(path), tmp_path / "log.parquet"
    replicate(line, 2, processes=1, log_to=file)
    told = runs(line, 2)
    for number in range(2):
        log = read_log(file, number)
        again = kpis(log, ledger(log, Terms.of(line), line.currency), line.windows)
        was = told.kpis.loc[number].to_dict()
        assert {name: again[name] for name in was} == pytest.approx(was, rel=1e-12, nan_ok=True)
        assert was["accuracy"] < 1.0 < was["cost"]


def test_without_cleaning_nobody_waits_for_it() -> None:
    """R13. One cleaner of 100 s a task, a fifth comes again, before three who label: half an hour and more of waiting
    is cleaning's; taken out, no wait of that name is left, and items wait for labels alone."""
    clean = Stage("clean", "work", (("cleaner", 1.0),), constant(100), {"done": (("clean", 0.2), ("annotate", 0.8))})
    labelling = people("annotators", 3)
    with_it = simulate(line_of(60, (clean, annotate()), labelling, people("cleaner")))
    without = simulate(line_of(60, (annotate(),), labelling))
    dirty, tidy = kpis(with_it, None), kpis(without, None)
    assert dirty["wait_h.clean"] > 0.5
    assert not [name for name in tidy if "clean" in name]
    for log, found in ((with_it, dirty), (without, tidy)):
        waited = (log.tasks["started_at"] - log.tasks["enqueued_at"]).groupby(log.tasks["stage"]).mean() / 3_600_000
        assert {stage: found[f"wait_h.{stage}"] for stage in log.provenance.roles} == pytest.approx(waited.to_dict())
    in_line = (without.items["delivered_at"] - without.items["arrived_at"]).mean() / 3_600_000
    assert tidy["wait_h.annotate"] == pytest.approx(in_line - 60 / 3600)


@pytest.mark.parametrize("labels", [1, 2, 5])
def test_one_label_waits_for_no_other(labels: int) -> None:
    """R18. However busy the line, with k = 1 nothing waits for consensus. With k labels at once, and people for all,
    the review waits from the first to the last of them: max less min of their times, item by item."""
    crowd = people("annotators", 3 if labels == 1 else 40 * labels)
    stages = (annotate(time=exponential(60.0), to="review", labels_per_item=labels), review())
    log = simulate(line_of(40, stages, crowd, people("reviewers", 2, false_alarm=0.0)))
    found, ends = kpis(log, None), log.tasks.query("stage == 'annotate'").groupby("item")["finished_at"]
    assert found["sync_delay_h"] == pytest.approx((ends.max() - ends.min()).sum() / 40 / 3_600_000, rel=1e-12)
    assert (found["sync_delay_h"] == 0.0) == (labels == 1)
    assert (found["wait_h.review.consensus"] == 0.0) == (labels == 1)


def test_simulated_confusion_lies_in_the_interval_of_its_input() -> None:
    """R25. Three classes, people alike, items alike: a label is right with expit(skill + effect of the class) and else
    wrong by the shares of the class; each of the nine counts lies in the central 99.99% of its binomial."""
    effects, shares = {"bus": -1.0, "car": 0.5}, {"car": 0.6, "truck": 0.3, "bus": 0.1}
    wrong = {"car": {"truck": 0.9, "bus": 0.1}, "truck": {"car": 0.5, "bus": 0.5}, "bus": {"car": 0.2, "truck": 0.8}}
    segments = (Segment("street", backlog=20_000, classes=shares, class_effects=effects, confusions=wrong),)
    log = simulate(line_of(0, (annotate(1.0),), people("annotators", 50, skill_mean=1.0), segments=segments))
    counts = confusion(log).set_index(["truth", "label"])["items"]
    for truth, label in product(shares, shares):
        right = 1.0 / (1.0 + math.exp(-1.0 - effects.get(truth, 0.0)))
        chance = right if truth == label else (1.0 - right) * wrong[truth][label]
        low, high = stats.binom.interval(0.9999, int(counts[truth].sum()), chance)
        assert low <= counts[truth, label] <= high, (truth, label)
    missed = sum(counts[truth, label] for truth, label in product(shares, shares) if truth != label)
    assert kpis(log, None)["accuracy"] == 1.0 - missed / 20_000


def test_where_errors_are_one_more_labels_help_nothing() -> None:
    """R27. As the correlation of an item's errors rises to its most, the error of a majority of 5 rises from the
    binomial's to within a tenth of a single label's."""
    accuracy = 0.85
    errors = []
    for correlation in (0.0, 0.3, 0.6, 0.9, HIGHEST):
        of = difficulty(accuracy, correlation)
        errors.append(float(verdicts(of.p, of.weights, Majority(5), 2, 3.0).error))
    assert errors == sorted(errors)
    assert errors[0] == pytest.approx(stats.binom.cdf(2, 5, accuracy), rel=1e-9)
    assert 0.9 * (1 - accuracy) < errors[-1] <= 1 - accuracy


@pytest.mark.parametrize("delay", [None, 0.0, 90.0])
def test_without_a_hand_off_no_wait_is_its(delay: float | None) -> None:
    """R36. No hand-off, or one of nought: a share of exactly 0; one of 90 s: that of 90 s an item in all waiting."""
    stage = review(handoff=None if delay is None else constant(delay))
    log = simulate(
        line_of(12, (annotate(to="review"), stage), people("annotators", 2), people("reviewers", false_alarm=0.0))
    )
    found, waits = kpis(log, None), (log.tasks["started_at"] - log.tasks["enqueued_at"]).sum() / 1000
    assert found["handoff_share"] == pytest.approx(12 * (delay or 0.0) / waits, rel=1e-12)
    assert (found["handoff_share"] > 0.0) == bool(delay)


def test_two_sites_with_the_hours_of_one_are_one_site() -> None:
    """R41. Two pools, each on its own site's calendar, in the time zones of places that keep the same time: what they
    do is what they do on one calendar; six hours apart it is not."""

    def line(*zones: str) -> Line:
        hours = tuple((day, 9 * 3600, 17 * 3600) for day in range(7))
        sites = tuple(Calendar(f"site {n}", zone, hours) for n, zone in enumerate(zones))
        team = tuple(
            Pool(name, 2, f"site {n % len(sites)}", skill_mean=1.0, speed_sd=0.3) for n, name in enumerate("ab")
        )
        stage = annotate(3600.0, route="prefer", by="a", to="deliver")
        stage = dataclasses.replace(stage, pools=(("a", 0.5), ("b", 0.5)))
        return line_of(60, (stage,), *team, calendars=(ALWAYS, *sites))

    base, same, apart = (simulate(line(*z)) for z in (("UTC",), ("UTC", "Atlantic/Reykjavik"), ("UTC", "Asia/Dhaka")))
    assert same.tasks.equals(base.tasks)
    assert same.presence.equals(base.presence)
    assert items(apart, "delivered_at") != items(base, "delivered_at")


def test_pools_of_one_site_are_no_sites(tmp_path: Path) -> None:
    """R41. All pools at one site, or sites with nothing on the way between them, are the line without sites; with a way
    between them each review waits for it."""

    def line(sites: str, *at: str) -> Line:
        place = ("".join(f", site: {one}" for one in (name,)) if name else "" for name in at)
        pools = [
            f"  {name}: {{headcount: 2, calendar: always{where}}}" for name, where in zip("ab", place, strict=True)
        ]
        text = "labelcast: 1\nstart: 2027-01-04\ncurrency: EUR\nwork: {items: {backlog: 40 items}}\n" + sites
        stages = "stages: {annotate: {pools: [a], time: 60 s}, review: {pools: [b], time: 20 s}}\n"
        path = tmp_path / "plan.yaml"
        path.write_text(text + "pools:\n" + "\n".join(pools) + "\n" + stages)
        return dataclasses.replace(load(path), stated=None)

    base = line("", "", "")
    assert line("sites: {here: {}}\n", "here", "here") == base
    assert line("sites: {here: {}, there: {}}\n", "here", "there") == base
    apart = simulate(line("sites: {here: {}, there: {delays: {here: 1 h}}}\n", "here", "there"))
    ways = {stage: {way for (way,) in rows(apart, "handoff_ms", stage=stage)} for stage in ("annotate", "review")}
    assert ways == {"annotate": {0.0}, "review": {3600.0}}


def test_mentoring_without_gain_is_cost_alone() -> None:
    """R43. Two people, two more from the second day on, who are mentored: with a gain of 1 everyone's n-th label takes
    what it took without, the mentors' hours are paid as training, and the same work costs more."""

    def found(mentoring: Mentoring) -> tuple[dict[int, list[int]], float, float]:
        """By worker the times of their labels, one after the other; hours of training; and the cost."""
        contract, learning = Contract(hourly=30_000_000), Learning(exponent=0.3)
        team = people("annotators", 2, contract=contract, learning=learning, mentoring=mentoring)
        more = Epoch(86_400.0, pools=(dataclasses.replace(team, headcount=4),))
        log = simulate(line_of(3000, (annotate(600.0),), team, epochs=(more,)))
        times = log.tasks.sort_values("started_at").groupby("worker")["active_ms"].agg(list).to_dict()
        told = kpis(log, ledger(log, {"annotators": contract}))
        return times, told["training_h.annotators"], told["cost"]

    plain, idle, useful = (found(m) for m in (Mentoring(), Mentoring(6.0, 2, 1.0), Mentoring(6.0, 2, 3.0)))
    assert plain[0].keys() == idle[0].keys() == {0, 1, 2, 3}
    for worker, times in idle[0].items():
        common = min(len(times), len(plain[0][worker]))
        assert common > 100
        assert times[:common] == plain[0][worker][:common]
    assert plain[1] == 0.0 < idle[1]
    assert idle[2] > plain[2]
    assert useful[0][2][100] < idle[0][2][100]


def test_crowd_and_experts_who_are_alike_tie() -> None:
    """R54. The same people, hours and prices under another name: no KPI differs in any run, least of all the cost of a
    correct label; with better ones, or dearer, it does."""
    terms = {"skill_mean": 1.0, "skill_sd": 0.4, "speed_sd": 0.3, "contract": CENTS_42}
    better = terms | {"skill_mean": 3.0, "contract": Contract(per_label=(Tier(None, 900_000),))}
    made = []
    for name, pool, of in (("one", "crowd", terms), ("two", "experts", terms), ("three", "experts", better)):
        stage = annotate(by=pool, labels_per_item=3)
        made.append(runs(line_of(100, (stage,), people(pool, 5, **of), name=name), 5))
    found = compare(made, besides=MORE).differences.set_index(["scenario", "kpi"])
    alike, unlike = found.loc["two"], found.loc["three"]
    assert "cost_per_correct_label" in alike.index
    assert (alike["mean"] == 0.0).all()
    assert not alike["differs"].any()
    assert bool(unlike.loc["cost_per_correct_label", "differs"])


def test_a_guideline_that_changes_nobody_makes_no_dip(tmp_path: Path) -> None:
    """R57. A dip of factor 1 and no logits leaves the line, and with it all that follows, as it was; one that slows
    people does not."""
    lines = []
    for number, dip in enumerate((None, "{time: 1, logits: 0, over: 2 weeks}", "{time: 1.5, over: 2 weeks}")):
        entry = "" if dip is None else f"changes: [{{on: 2027-01-04T09:10, dip: {dip}}}]\n"
        path = tmp_path / f"{number}.yaml"
        path.write_text(SCENARIO + entry, encoding="utf-8")
        lines.append(load(path))
    plain, none, some = lines
    assert (plain.epochs, none.epochs) == ((), ())
    assert some.epochs
    assert one(none) == pytest.approx(one(plain), nan_ok=True)
    assert one(some)["active_h"] > one(plain)["active_h"]


@pytest.mark.parametrize("dip", ["time: 1.5", "logits: -1.5"])
def test_quicker_feedback_never_makes_a_dip_larger(tmp_path: Path, dip: str) -> None:
    """R57. One person labels a backlog; a guideline makes them slower, or less sure, so that more is made
    anew. Under common random numbers the later feedback comes, the larger is the dip in items delivered, run by run; it
    is no deeper at first, and with a delay of nought it is what it is without one."""
    found = []
    for number, delay in enumerate((None, "", ", feedback_delay: 0 s", *LATE)):
        told = (
            "" if delay is None else f"changes: [{{on: 2027-01-05, dip: {{{dip}, over: 2 days, steps: 2{delay}}}}}]\n"
        )
        path = tmp_path / f"{number}.yaml"
        path.write_text(ALONE + told, encoding="utf-8")
        found.append(runs(load(path), 3))
    plain, usual, *rest = ([one.delivered for one in each.curves] for each in found)
    areas = [falls(plain, each).area for each in rest]
    assert (areas[0] == falls(plain, usual).area).all()
    for sooner, later in pairwise(areas):
        assert (later >= sooner).all()
    assert (areas[0] < areas[-1]).all()


def test_of_identical_workers_it_does_not_matter_who_is_picked() -> None:
    """R59. By longest idle, by skill or by the past: with people who are alike quality and waits are the same to the
    last bit, where nothing goes back to its author; where they differ, picking by skill gives better labels. Between
    two pools alike each item gets the same label, whatever the rule."""

    def told(pick: str, spread: float) -> dict[str, float]:
        team = people("annotators", 12, skill_mean=1.0, skill_sd=spread, pick=pick)
        judges = people("reviewers", 3, skill_mean=0.0)
        return one(line_of(0, (annotate(to="review"), review(rounds=0)), team, judges, segments=(WORK,)))

    names = ("accuracy", "wait_h.annotate", "wait_h.review", "cycle_time_h", "reject_rate.review")
    alike = [{name: told(pick, 0.0)[name] for name in names} for pick in ("idle", "skill", "past")]
    assert alike[0] == alike[1] == alike[2]
    assert 0.0 < alike[0]["reject_rate.review"] < 1.0
    assert told("skill", 1.5)["accuracy"] > told("idle", 1.5)["accuracy"] + 0.05
    given = []
    for route in ("share", "prefer", "shortest", "skill", "difficulty"):
        stage = dataclasses.replace(annotate(route=route), pools=(("a", 0.5), ("b", 0.5)))
        pools = [people(name, 6, skill_mean=1.0) for name in "ab"]
        given.append(items(simulate(line_of(0, (stage,), *pools, segments=(WORK,))), "item", "final_label"))
    assert all(each == given[0] for each in given)
