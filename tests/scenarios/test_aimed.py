"""Goals that a command line sets for all scenarios."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from lines import constant, queue

from labelcast.scenarios.aimed import aimed
from labelcast.sim.errors import ScenarioRefused
from labelcast.sim.line import Goal, Line

OWN = (Goal("cost", "<=", 5.0), Goal("on_time", ">=", 0.9))


def line(name: str = "a", **more: object) -> Line:
    made = replace(queue(2, 100.0, 5, constant(60.0)), name=name, goals=OWN, start=datetime(2027, 3, 27, 9))
    return replace(made, timezone="Europe/Paris", **more)  # type: ignore[arg-type]


def test_goals_take_the_place_of_their_own_kind() -> None:
    """The asked ones come first, others stay; without any the line is itself."""
    own = line()
    (found,) = aimed([own], None, "7_500 EUR", "97%")
    assert found.goals == (Goal("cost", "<=", 7500.0), Goal("accuracy", ">=", 0.97), OWN[1])
    assert aimed([own], None, None, None) == [own]
    assert aimed([own], None, "60", None)[0].goals[0] == Goal("cost", "<=", 60.0)


def test_a_date_is_its_end_where_the_line_is_and_counts_from_its_start() -> None:
    """From Saturday nine o'clock to the end of Sunday, on which clocks go forward: 38 hours; of a line that starts a
    day later a day less."""
    found = aimed([line(), line("b", start=datetime(2027, 3, 28, 9))], "2027-03-28", None, None)
    assert [each.goals[0].value * 24 for each in found] == pytest.approx([38.0, 15.0])
    (exact,) = aimed([line()], "2027-03-27T12:00", None, None)
    assert exact.goals[0].value * 24 == pytest.approx(3.0)


def test_what_is_wrong_is_told_at_once() -> None:
    """A date before the start of one line, another currency, a share without its sign."""
    with pytest.raises(ScenarioRefused) as refused:
        aimed([line(), line("b", start=datetime(2027, 4, 1))], "2027-03-30", "5 USD", "0.97")
    assert [problem.split(":")[0] for problem in refused.value.problems] == ["--budget", "--accuracy", "--deadline"]
    assert "must lie after b starts" in refused.value.problems[2]
    for budget, words in (("60.000 EUR", "might be"), ("-1 EUR", "at least 0"), ("much", "must be a number")):
        with pytest.raises(ScenarioRefused, match=words):
            aimed([line()], None, budget, None)
    with pytest.raises(ScenarioRefused, match="must be a date"):
        aimed([line()], "June", None, None)
