"""What a forecast rests on, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from short_scenario import changed, loaded

from labelcast.reports.assumptions import assumptions, calendar_words, distribution_words, origin
from labelcast.sim.line import Calendar, Contract, Distribution, Line, Tier

MakeLine = Callable[..., Line]


def test_every_part_of_the_line_is_told(make_line: MakeLine) -> None:
    """Each segment, calendar, pool, stage and goal has its rows, under the paths of a scenario file."""
    told = {one.path: one.value for one in assumptions(make_line())}
    assert told["work.street.backlog"] == "600 items"
    assert told["work.street.classes"] == "car 70%, bus 30%"
    assert told["work.street.due"] == "15 days after arrival"
    assert told["calendars.office"] == "Mon-Fri 09:00-13:00, 14:00-18:00 (Europe/Paris)"
    assert told["pools.annotators.pay.hourly"] == "31.00 EUR per on-shift hour"
    assert told["pools.annotators.headcount"] == "6 people"
    assert told["stages.annotate.time"].startswith("lognormal, median 42 s, P95 ")
    assert told["stages.review.fraction"] == "20% of items"
    assert told["goals.deadline"] == "by 9 Jan 2027"
    assert told["goals.accuracy"] == "at least 95.0%"


def test_who_gave_a_value_is_found_by_its_path(make_line: MakeLine) -> None:
    """Exact paths, parts of a path and wholes of a path match; a name that merely begins alike does not."""
    line = replace(
        make_line(), assumed=("pools.annotators.skill",), fitted=("stages.annotate.time.lognormal", "pools.anno")
    )
    assert origin(line, "pools.annotators.skill.mean") == "default"
    accuracy = replace(line, assumed=("pools.annotators.skill.accuracy",))
    assert origin(accuracy, "pools.annotators.skill.mean") == "default"
    assert origin(accuracy, "pools.annotators.skill.spread") == "stated"
    assert origin(line, "stages.annotate.time") == "fitted"
    assert origin(line, "pools.annotators.headcount") == "stated"


def test_no_default_of_ours_is_left_out(make_line: MakeLine) -> None:
    """A path that was assumed and has no words of its own still has its row and its mark."""
    line = replace(make_line(), assumed=("stages.review.unheard_of",))
    (row,) = [one for one in assumptions(line) if one.path == "stages.review.unheard_of"]
    assert row.origin == "default"


def test_a_doubtful_part_makes_the_whole_doubtful(make_line: MakeLine) -> None:
    """A value half fitted and half ours is marked as ours."""
    line = replace(make_line(), assumed=("work.street.classes.car",), fitted=("work.street.classes",))
    assert origin(line, "work.street.classes") == "default"


@pytest.mark.parametrize(
    ("contract", "words"),
    [
        (Contract(), {"pay": "nothing"}),
        (Contract(hourly=31_500_000), {"pay.hourly": "31.50 EUR per on-shift hour"}),
        (
            Contract(per_label=(Tier(50_000, 420_000), Tier(None, 350_000))),
            {
                "pay.per_label": "0.42 EUR per label up to label 50,000, 0.35 EUR per label for all further",
                "pay.rework_paid": "rework is not paid",
            },
        ),
        (
            Contract(per_label=(Tier(None, 60_000),), rework_paid=True),
            {"pay.per_label": "0.06 EUR per label", "pay.rework_paid": "rework is paid"},
        ),
    ],
)
def test_contracts_in_words(make_line: MakeLine, contract: Contract, words: dict[str, str]) -> None:
    """Every part of what a pool costs has its own row, for each may be stated or ours."""
    line = make_line()
    line = replace(line, pools=(replace(line.pools[0], contract=contract), *line.pools[1:]))
    told = {one.path: one.value for one in assumptions(line)}
    head = "pools.annotators."
    assert {path.removeprefix(head): value for path, value in told.items() if path.startswith(f"{head}pay")} == words


def test_what_holds_from_a_date_on_is_told_by_that_date(tmp_path: Path) -> None:
    """As the file writes it, in the line's time zone, on both sides of a change of its clocks, and with the time of day
    where it is no midnight: rates of exchange, and shares of a minimum."""
    rates = "{2027-01-01: 0.92, 2027-07-01: 0.95, 2027-11-01T12:00: 0.90}"
    minimum = "{amount: 20_000 USD, ramp: {2027-01-04: 50%, 2027-03-28: 80%, 2027-03-29: 100%}}"
    text = changed(
        ("currency: EUR", f"currency: EUR\nexchange: {{USD: {{dates: {rates}}}}}"),
        ("pay: {hourly: 20 EUR}", f"pay: {{per_label: 0.5 USD, minimum: {minimum}}}"),
    )
    told = {one.path: one.value for one in assumptions(loaded(tmp_path, text))}
    assert told["exchange.USD"] == "0.92 EUR, 0.95 EUR from 1 Jul 2027 on, 0.9 EUR from 1 Nov 2027 12:00 on"
    shares = "50% from 4 Jan 2027 on, 80% from 28 Mar 2027 on, 100% from 29 Mar 2027 on"
    assert told["pools.team.pay.minimum"] == f"at least 20,000 USD a month, of which {shares}"


@pytest.mark.parametrize(
    ("calendar", "words"),
    [
        (Calendar("none", "UTC"), "never (UTC)"),
        (Calendar("always", "UTC", tuple((day, 0, 86_400) for day in range(7))), "Mon-Sun all day (UTC)"),
        (Calendar("odd", "UTC", ((0, 0, 3_600), (2, 0, 3_600))), "Mon 00:00-01:00; Wed 00:00-01:00 (UTC)"),
        (Calendar("crowd", "UTC", (), (0.25,) * 168), "by hour of the week, 42 full hours a week in all (UTC)"),
    ],
)
def test_calendars_in_words(calendar: Calendar, words: str) -> None:
    """Days with equal hours stand together."""
    assert calendar_words(calendar) == words


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (Distribution("constant", {"value": 90.0}), "constant, value 1.5 min"),
        (Distribution("gamma", {"mean": 30.0, "shape": 2.0}), "gamma, mean 30 s, shape 2"),
        (Distribution("lognormal", {"median": 42.0, "sigma": 0.0}), "lognormal, median 42 s, P95 42 s"),
        (Distribution("quantiles", {"p5": 9.0, "p95": 190.0}), "quantiles, p5 9 s, p95 3.17 min"),
        (
            Distribution(
                "mixture",
                {"median": 30.0, "sigma": 0.4, "share": 0.2, "other_median": 90.0, "other_sigma": 0.6},
            ),
            "two lognormals, median 30 s, sigma 0.4; 20% of them median 1.5 min, sigma 0.6",
        ),
    ],
)
def test_distributions_in_words(time: Distribution, words: str) -> None:
    """Seconds have units, shapes have none."""
    assert distribution_words(time) == words
