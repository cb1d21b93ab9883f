"""What practice and a long shift do, and what a pool's plan says of its people."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from staff import plan_of

from labelcast.sim.learning import practice, time_factors, tired_logits, tired_pace
from labelcast.sim.line import Epoch, Fatigue, Learning, Mentoring, Pool

HOUR = 3_600_000


def test_time_falls_by_a_power_of_practice() -> None:
    """At an exponent of log2(1 / 0.8), each doubling of 1 + n takes time down to 80%; the last entry is that of the
    most tasks that count."""
    factors = time_factors(Learning(exponent=-math.log2(0.8), tasks=7))
    assert factors.tolist() == pytest.approx([(1 + n) ** math.log2(0.8) for n in range(8)])
    assert factors[[0, 1, 3, 7]].tolist() == pytest.approx([1.0, 0.8, 0.64, 0.512])


def test_half_of_the_gain_is_there_after_half_the_tasks() -> None:
    """gain 1.2, half 200: nothing at 0, 0.6 after 200 tasks, 0.9 after 400."""
    logits = practice(Learning(gain=1.2, half=200.0, tasks=400))
    assert logits.size == 401
    assert logits[[0, 200, 400]].tolist() == pytest.approx([0.0, 0.6, 0.9])


def test_without_learning_the_tables_are_one_neutral_entry() -> None:
    """A factor of exactly one, and exactly no logits, whatever the number of tasks."""
    assert time_factors(Learning(tasks=9)).tolist() == [1.0]
    assert practice(Learning(tasks=9)).tolist() == [0.0]


@given(exponent=st.floats(0.0, 2.0), gain=st.floats(0.0, 5.0), half=st.floats(1.0, 1e4), tasks=st.integers(0, 3000))
def test_practice_never_harms(exponent: float, gain: float, half: float, tasks: int) -> None:
    """Time never rises and skill never falls with practice; factors lie in (0, 1], logits in [0, gain]."""
    learning = Learning(exponent, gain, half, tasks)
    factors, logits = time_factors(learning), practice(learning)
    assert factors[0] == 1.0
    assert (np.diff(factors) <= 0.0).all()
    assert (factors > 0.0).all()
    assert logits[0] == 0.0
    assert (np.diff(logits) >= 0.0).all()
    assert (logits <= gain).all()


def test_fatigue_grows_by_the_hour_on_shift() -> None:
    """A tenth slower by each hour: 1.25 after two and a half; a fifth of a logit by each: half a logit. At nothing, and
    at the beginning of a shift, exactly nothing."""
    assert tired_pace(0.1, 5 * HOUR // 2) == pytest.approx(1.25)
    assert tired_logits(0.2, 5 * HOUR // 2) == pytest.approx(0.5)
    assert tired_pace(0.0, 9 * HOUR) == tired_pace(0.1, 0) == 1.0
    assert tired_logits(0.0, 9 * HOUR) == tired_logits(0.2, 0) == 0.0


def test_a_pools_plan_holds_what_engines_look_up() -> None:
    """Hurry at 0.8 with an elasticity of 2 takes a fifth of the time and 2 ln 0.8 logits; segments stand by position,
    neutral where nothing is said; a later stand holds the later pool."""
    pool = Pool(
        "team",
        3,
        "daily",
        speed=1.5,
        hurry=0.8,
        elasticity=2.0,
        skill_mean=1.0,
        segment_effects={"items": -0.5},
        fatigue=Fatigue(0.1, 0.2),
        mentoring=Mentoring(gain=1.5),
        learning=Learning(exponent=0.3, gain=0.4, tasks=10),
    )
    plan = plan_of((pool,), 9, epochs=[Epoch(86_400.0, pools=(replace(pool, hurry=1.0, masters={"items": 0.5}),))])
    now, later = (stand.pools[0] for stand in plan.stands)
    assert (now.people, now.speed, now.skill_mean) == (3, pytest.approx(1.2), pytest.approx(1.0 + 2 * math.log(0.8)))
    assert (later.speed, later.skill_mean) == (1.5, 1.0)
    assert (now.segment_effects.tolist(), now.segment_times.tolist(), now.masters.tolist()) == ([-0.5], [1.0], [1.0])
    assert later.masters.tolist() == [0.5]
    assert (now.slower, now.tiring, now.gain, now.crowd) == (0.1, 0.2, 1.5, False)
    assert (now.time_factors.size, now.practice.size) == (11, 11)
