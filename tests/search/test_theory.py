"""What theory foretells of plans: near what replications give, and the frontier that follows from it."""

from __future__ import annotations

import dataclasses
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from lines import full

from labelcast.scenarios.load import load as load_line
from labelcast.scenarios.search.candidates import candidates
from labelcast.scenarios.search.policy import FORETOLD, policy
from labelcast.scenarios.search.question import Question
from labelcast.scenarios.search.read import line_of, read_question
from labelcast.scenarios.search.theory import Theory
from labelcast.sim.crew import Crew
from labelcast.sim.estimates.drain import drain, drained
from labelcast.sim.estimates.load import load

EXAMPLE = Path(__file__).parents[2] / "examples" / "search.yaml"
WHOLE = [path for path in sorted(EXAMPLE.parent.glob("*.yaml")) if "\nprofile:" not in path.read_text(encoding="utf-8")]
"""Examples that need no profile of a fit."""


@pytest.fixture(scope="module")
def question() -> Question:
    return read_question(EXAMPLE)


def test_what_is_foretold_is_near(question: Question) -> None:
    """Of a dozen plans at random: cost within a quarter, the end within 0.4 days (a night may lie in between), wrong
    labels within 4 in 1,000; and in the order in which replications see the plans."""
    theory, rng = Theory(question, partial(line_of, question)), np.random.default_rng(2)
    plans = np.array([[rng.integers(len(one.texts)) for one in question.variables] for _ in range(12)])
    _, foretold = theory.seen(plans)
    with Crew(1) as crew:
        made = np.array([crew.values(theory.line_of(tuple(plan)), 1, range(4), FORETOLD) for plan in plans.tolist()])
    cost, days, accuracy = (foretold - made.mean(axis=1)).T
    assert (np.abs(cost) < 0.25 * foretold[:, 0]).all()
    assert (np.abs(days) < 0.4).all()
    assert (np.abs(accuracy) < 0.004).all()
    for place in range(len(FORETOLD)):
        assert np.corrcoef(foretold[:, place], made[:, :, place].mean(axis=1))[0, 1] > 0.95


def test_a_part_of_the_people_is_a_line_with_fewer() -> None:
    """Half of a pool's people, all at the same pace: as a line that has half as many; all of them: as the line."""
    pools = tuple(dataclasses.replace(pool, headcount=8, calendar="office") for pool in full().pools)
    line = full(2_000, pools=pools)
    halves = [
        dataclasses.replace(line, pools=(*pools[:k], dataclasses.replace(pools[k], headcount=4), *pools[k + 1 :]))
        for k in range(3)
    ]
    whole = load(line)
    for place, half in enumerate(halves):
        whole_s, half_s = drained(line, whole, [(1.0, 0.5)] * 3)[place]
        assert whole_s < half_s == pytest.approx(drained(half, whole, [(1.0,)] * 3)[place][0])
    assert drain(line, whole) == pytest.approx(max(done[0] for done in drained(line, whole, [(1.0,)] * 3)))


def test_nobody_more_than_is_done_in_time(question: Question) -> None:
    """Among the candidates of every policy are plans of which no pool could have one person fewer and be done by the
    same day, for fast ones as for slow ones."""
    theory = Theory(question, partial(line_of, question))
    found = candidates(theory, [], np.zeros((0, len(question.variables)), np.int64), 1, 0)
    key = next(iter(theory.cheapest))
    own = theory.policy(key)
    assert own is not None
    plans = theory.cheapest[key]
    assert {tuple(plan) for plan in plans.tolist()} <= {tuple(plan) for plan in found.tolist()}
    days = [own.days_of(one.pool, theory.sizes[one.pool]) for one in theory.heads]
    by = [max(float(of[plan[one.variable]]) for of, one in zip(days, theory.heads, strict=True)) for plan in plans]
    for plan, last in zip(plans.tolist(), by, strict=True):
        fewer = [of[: plan[one.variable]] for of, one in zip(days, theory.heads, strict=True)]
        assert all((of > last).all() for of in fewer)
    assert len(set(by)) >= 5


@pytest.mark.parametrize("example", WHOLE, ids=lambda path: path.stem)
def test_every_example_has_features(example: Path) -> None:
    """Crowds, changes, releases, work under way, models that suggest: numbers for all, whatever the staff."""
    line = load_line(example)
    own = policy(line, [pool.name for pool in line.pools], {0: np.array([1.0, 2.0, 50.0])})
    employed = np.array([[few] * len(line.pools) for few in (0.0, 1.0, 20.0)])
    assert np.isfinite(own.features(employed)).all()
    foretold = own.foretold(employed)
    assert np.isfinite(foretold).all()
    assert (foretold[:, :2] >= 0.0).all()
    assert ((foretold[:, 2] > 0.5) & (foretold[:, 2] <= 1.0)).all()
