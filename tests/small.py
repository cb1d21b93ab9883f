"""A small scenario, and what tests of runs compare."""

from __future__ import annotations

import pandas as pd

from labelcast.sim.replicate import Runs

SCENARIO = """
labelcast: 1
name: small
start: 2027-01-04T09:00
timezone: Europe/Paris
currency: EUR
work: {items: {backlog: 40 items, classes: {car: 70%, bus: 30%}, due: 3 days}}
calendars: {office: {days: Mon-Fri, hours: "09:00-13:00, 14:00-18:00"}}
pools:
  team: {headcount: 3, calendar: office, skill: {accuracy: 90%, spread: 0.3}, pay: {hourly: 30 EUR}}
stages:
  annotate: {pools: [team], labels_per_item: 3, time: {lognormal: {median: 60 s, p95: 200 s}}}
goals: {deadline: 2027-01-05, budget: 500 EUR}
"""

PLAN = """labelcast: 1
name: plan
start: 2027-01-04T09:00
currency: EUR
work: {items: {backlog: 60 items}}
pools: {team: {headcount: 3, calendar: always, pay: {hourly: 20 EUR}}}
stages: {annotate: {pools: [team], time: 90 s}}
"""
"""Smaller still: one pool, nothing that hangs on luck but who comes first."""


def same(a: Runs, b: Runs) -> None:
    """Asserts that runs are the same to the last bit."""
    pd.testing.assert_frame_equal(a.kpis, b.kpis, check_exact=True)
    pd.testing.assert_frame_equal(a.ledger, b.ledger, check_exact=True)
    for one, other in zip(a.curves, b.curves, strict=True):
        assert one.hours.tolist() == other.hours.tolist()
        assert one.delivered.tolist() == other.delivered.tolist()
        assert {k: v.tolist() for k, v in one.waiting.items()} == {k: v.tolist() for k, v in other.waiting.items()}
