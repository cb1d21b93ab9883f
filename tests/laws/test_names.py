"""Names are for people: another name of a pool, a stage or a calendar changes no number."""

from __future__ import annotations

import dataclasses
from typing import Any

import anyline
import pytest
import twins
from comparison import differences, with_names
from hypothesis import given, settings
from lines import full, whole
from rewritten import renamed
from twins import run

from labelcast.sim.draws import name_key
from labelcast.sim.line import Line
from labelcast.sim.plan import Plan, PoolPlan
from labelcast.sim.plan import whole as whole_plan


def other(name: str) -> str:
    """Another name, of another length and at another place in the alphabet."""
    return f"{name[::-1]} ({len(name)})"


def broken(line: Line) -> list[str]:
    """Where the log of the line with other names differs from the log with other names."""
    new = run(Plan.of(renamed(line, other, other, other)), 1, 0)
    return differences(with_names(run(Plan.of(line), 1, 0), {"pool": other, "tier": other, "stage": other}), new)


@settings(deadline=None, max_examples=40, derandomize=True)
@given(anyline.lines())
def test_names_change_no_number(line: Line) -> None:
    """Pools, stages and calendars of any small line, with other names."""
    assert broken(line) == []


def test_names_change_no_number_when_everything_happens() -> None:
    """The same on a line with all mechanisms."""
    assert broken(whole(40)) == []


def test_the_law_sees_luck_that_hangs_on_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: workers draw by the name of their pool."""
    twins.alone(monkeypatch)
    true = whole_plan.pool_plans

    def by_name(*args: Any) -> tuple[PoolPlan, ...]:
        return tuple(dataclasses.replace(pool, key=name_key(pool.name)) for pool in true(*args))

    monkeypatch.setattr(whole_plan, "pool_plans", by_name)
    assert broken(full(20)) != []
