"""A small project with investments, and what becomes of them."""

from __future__ import annotations

from pathlib import Path

from labelcast.reports.investment.whole import Asked, Outcome, Pair, outcome
from labelcast.scenarios.investments import chosen, planned
from labelcast.scenarios.load import load
from labelcast.sim.engines import ENGINES, prepare
from labelcast.sim.replicate import replicate

PROJECT = """labelcast: 1
name: project
start: 2027-01-18T09:00
timezone: Europe/Paris
currency: EUR
horizon: 20 weeks
work: {street: {backlog: 16_000 items, classes: {car: 70%, bus: 30%}}}
calendars: {office: {days: Mon-Fri, hours: "09:00-17:00"}}
pools:
  team: {headcount: 2, calendar: office, pay: {hourly: 20 EUR}}
stages:
  annotate: {pools: [team], labels_per_item: 1, time: {lognormal: {median: 120 s, p95: 300 s}}}
"""


def project(folder: Path, *entries: str, text: str = PROJECT) -> Path:
    """The project as a file, with these entries of `changes`."""
    path = folder / "project.yaml"
    listing = "changes:\n" + "".join(f"  - {{{one}}}\n" for one in entries) if entries else ""
    path.write_text(text + listing, encoding="utf-8")
    return path


def invested(folder: Path, *entries: str, text: str = PROJECT, count: int = 8, asked: Asked | None = None) -> Outcome:
    """What the investments of a project come to, in so many replications."""
    prepare(ENGINES[0])
    path = project(folder, *entries, text=text)
    kept = replicate(load(path), count, 1, 1)
    pairs = [
        Pair(one.name, one.entries, kept, replicate(load(path, without=one.entries), count, 1, 1))
        for one in chosen(planned(path), None, path.name)
    ]
    return outcome(pairs, asked or Asked())
