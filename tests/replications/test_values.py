"""A replication of which some KPIs are wanted gives those that all of it has, whichever are asked for."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from both.compared import random_lines, shared, signed
from lines import full, whole

from labelcast.sim import kpis, replication, streaming
from labelcast.sim.engines import ENGINES, engine
from labelcast.sim.kpis.groups import GROUPS, Told
from labelcast.sim.line import GOLD, Chart, Line, Relabel
from labelcast.sim.registry import REGISTRY, kpi_of
from labelcast.sim.replication import Job, one, values

NOT_THERE = ("no_such_kpi", "wait_h.nowhere", "p_deadline", "detected.never")
"""KPIs that no line here has: of no such name, of another line, made over replications."""

CHARTS = Chart("often", "review", 0.1, 0.5, None, 2, 86_400.0), Chart("gold", GOLD, 0.1, 0.5)

LINES = {
    "all mechanisms": shared(whole(20)),
    "charts": signed(replace(full(30), charts=CHARTS)),
    "items go back": replace(signed(full(30)), relabels=(Relabel(6 * 3600.0, "annotate", 0.5),)),
    "nothing is paid": full(30),
    "nothing is done": replace(signed(full(30)), horizon_s=60.0),
}


@pytest.fixture(autouse=True)
def unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process that has not had any replication."""
    monkeypatch.setattr(kpis, "_group_of", {})


@pytest.fixture
def run_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has each replication run only once, however often it is asked for."""
    engines = {name: cache(engine(name)) for name in ENGINES}
    monkeypatch.setattr(replication, "engine", engines.__getitem__)
    monkeypatch.setattr(streaming, "run", cache(streaming.run))


@pytest.mark.usefixtures("run_once")
@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("line", LINES.values(), ids=list(LINES))
def test_each_by_itself_and_some_at_once(line: Line, name: str) -> None:
    """Each KPI by itself, and draws of a few, some that there are not among them, to the last bit."""
    job = Job(line, 3, name)
    known = one(job, 1).kpis | dict.fromkeys(NOT_THERE, math.nan)
    luck = random.Random(1)
    asked = [luck.sample(list(known), many % 6) for many in range(60)] + [[each] for each in known] + [list(known)]
    for names in asked:
        found = values(job, 1, names)
        assert found.tobytes() == np.array([known[each] for each in names], float).tobytes(), names


def test_random_lines_come_out_the_same() -> None:
    """Of twenty lines out of all mechanisms, one after another in one process, every KPI that any of them had so far,
    and a few of them; in other replications than the first too, and where a line lacks it."""
    seen = dict.fromkeys(NOT_THERE)

    def some(line: Line, seed: int) -> tuple[int, list[str]]:
        job = Job(signed(line), seed, ENGINES[0])
        for number in range(2):
            known = one(job, number).kpis
            seen.update(dict.fromkeys(known))
            found = dict(zip(seen, values(job, number, list(seen)).tolist(), strict=True))
            few = random.Random(len(known)).sample(list(seen), 3)
            found |= dict(zip(few, values(job, number, few).tolist(), strict=True))
            different = [name for name in seen if repr(found[name]) != repr(known.get(name, math.nan))]
            if different:
                return 2, different
        return 2, []

    compared = random_lines(60.0, 20, 5, some)
    assert compared.different == []
    assert len(seen) > 300


@pytest.mark.usefixtures("run_once")
def test_a_family_has_one_group(monkeypatch: pytest.MonkeyPatch) -> None:
    """A KPI's name tells its group: no family of the registry is given by two, in any line, and each but those that are
    made over replications by one."""
    given: dict[str, set[int]] = {}

    def noting(told: Told, names: object) -> list[float]:
        for place, group in enumerate(GROUPS):
            for name in group(told):
                given.setdefault(kpi_of(name).name, set()).add(place)
        return []

    monkeypatch.setattr(replication, "some_of", noting)
    for line in LINES.values():
        values(Job(line, 3, ENGINES[0]), 1, ())
    assert {family for family, groups in given.items() if len(groups) > 1} == set()
    assert {kpi.name for kpi in REGISTRY if not kpi.name.startswith("p_")} == set(given)


def test_what_is_not_asked_for_is_not_worked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once it is known where KPIs come from, one that takes no money is given without a ledger, and one that takes
    nothing but money without people."""
    job = Job(signed(full(30)), 3, ENGINES[0])
    before = values(job, 1, ["accuracy", "cost"])

    def broken(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(streaming, "_people", broken)
    assert values(job, 1, ["cost"]).tolist() == before[1:].tolist()
    monkeypatch.setattr(streaming, "_books", broken)
    assert values(job, 1, ["accuracy"]).tolist() == before[:1].tolist()
    with pytest.raises(AssertionError):
        values(job, 1, ["cost"])
