"""Small plans to search among."""

from __future__ import annotations

SEARCHED = """labelcast: 1
name: street
start: 2027-01-04T09:00
timezone: UTC
currency: EUR
work: {street: {backlog: 200 items, classes: {car: 50%, bus: 50%}}}
pools:
  team: {headcount: 4, calendar: always, skill: {accuracy: 90%}, pay: {hourly: 36 EUR}}
  leads: {headcount: 2, calendar: always, skill: {accuracy: 99%}, pay: {hourly: 72 EUR}}
stages:
  annotate: {pools: [team], time: {exponential: {mean: 30 s}}}
  review: {pools: [leads], fraction: 0%, time: {exponential: {mean: 10 s}}, on_reject: {to: annotate, rounds: 1}}
search:
  minimise: cost
  subject_to: [accuracy >= BOUND]
  vary:
    pools.team.headcount: 3..6
    stages.review.fraction: 0%..100% by 20%
"""

PROFILE = """labelcast_profile: 1
provenance: {digest: "d1", first: "2026-01-05T00:00:00+00:00", last: "2026-01-19T00:00:00+00:00"}
fitted: [{path: stages.annotate.time.gamma.mean, value: 60, low: 20, high: 180, n: 9, unit: s, method: m}]
scenario: {stages: {annotate: {time: {gamma: {mean: 60 s, shape: 900}}}}}
"""
"""Whose one parameter is known to a factor of three: lognormal, with 1.96 standard deviations to either end."""

FITTED = """labelcast: 1
name: fitted
start: 2027-01-04T09:00
currency: EUR
work: {items: {backlog: 300 items}}
pools: {team: {headcount: 3, calendar: always, speed: {spread: 0}, pay: {hourly: 20 EUR}}}
stages: {annotate: {pools: [team]}}
search:
  subject_to: [finish_days <= 0.104 days]
  vary: {pools.team.headcount: 1..3}
"""
"""300 items of a minute, by three people: 100 minutes or 0.0694 days; the bound is one and a half times that."""

ENDLESS = SEARCHED.replace("name: street", "name: endless\nhorizon: 20 min").replace(
    "minimise: cost", "minimise: finish"
)
"""Nobody is done with 200 items in 20 minutes."""
