"""Faults that the tests plant in the engine, each to be seen by the oracles that guard what it breaks."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from labelcast.sim import labels
from labelcast.sim.line import Absence, Line, Segment, Turnover
from labelcast.sim.plan import NOBODY, Plan, StagePlan, Stand
from labelcast.sim.reference import bench, breaks, crowd, flow, machines, results, verdicts, workers

Patch = pytest.MonkeyPatch

FAULTS: dict[str, Callable[[Patch], None]] = {}
"""By what they do, in words."""


def _fault(name: str) -> Callable[[Callable[[Patch], None]], Callable[[Patch], None]]:
    def enter(plant: Callable[[Patch], None]) -> Callable[[Patch], None]:
        FAULTS[name] = plant
        return plant

    return enter


def _slower(patch: Patch, factor: float) -> None:
    true = bench.service_ms
    for room in (bench, machines):
        patch.setattr(room, "service_ms", lambda *a: round(true(*a) * factor))


FAULTS["every task takes 10% longer than drawn"] = partial(_slower, factor=1.1)
FAULTS["every task takes 40% longer than drawn"] = partial(_slower, factor=1.4)


@_fault("worker 0 is never on shift")
def _away(patch: Patch) -> None:
    true = workers.Workers.on_shift
    patch.setattr(workers.Workers, "on_shift", lambda self, worker: worker != 0 and true(self, worker))


@_fault("interrupted work is lost")
def _lost(patch: Patch) -> None:
    true = breaks.Breaks.interrupt
    patch.setattr(breaks.Breaks, "interrupt", lambda self, worker, carry: true(self, worker, carry=False))


@_fault("the way of an item ends at the first stage that may deliver it")
def _short(patch: Patch) -> None:
    true = flow.Flow.go

    def go(self: Any, item: Any, number: int, outcome: str) -> None:
        stage = self.state.stand.stages[number]
        ways, _ = stage.next[outcome]
        if len(ways) > 1 and -1 in ways:
            stand = self.state.stand
            to_end = dataclasses.replace(stage, next={**stage.next, outcome: ((-1,), stage.next[outcome][1][:1])})
            stages = (*stand.stages[:number], to_end, *stand.stages[number + 1 :])
            self.state.stand = dataclasses.replace(stand, stages=stages)
            true(self, item, number, outcome)
            self.state.stand = stand
            return
        true(self, item, number, outcome)

    patch.setattr(flow.Flow, "go", go)


@_fault("a task is ready a second after its item came")
def _late(patch: Patch) -> None:
    true = flow.Flow.ready

    def ready(self: Any, task: Any) -> None:
        true(self, task)
        task.ready += 1000

    patch.setattr(flow.Flow, "ready", ready)


@_fault("a session is good for one task more")
def _longer(patch: Patch) -> None:
    true = crowd.Crowd._begin

    def begin(self: Any, pool: int, person: int, key: int, tasks: int) -> None:
        true(self, pool, person, key, tasks + 1)

    patch.setattr(crowd.Crowd, "_begin", begin)


@_fault("a lot's sample is one too few")
def _small(patch: Patch) -> None:
    def misread(stage: StagePlan) -> StagePlan:
        return dataclasses.replace(stage, lot=dataclasses.replace(stage.lot, sample=stage.lot.sample - 1))

    _read(patch, misread)


@_fault("half of the new people have been there before")
def _familiar(patch: Patch) -> None:
    def misread(plan: Plan) -> Plan:
        stands = tuple(
            dataclasses.replace(
                stand,
                pools=tuple(
                    dataclasses.replace(pool, returning=pool.returning + 0.5 * (1.0 - pool.returning))
                    for pool in stand.pools
                ),
            )
            for stand in plan.stands
        )
        return dataclasses.replace(plan, stands=stands)

    _misread(patch, misread)


def _pools(patch: Patch, **fields: Any) -> None:
    """Lets the engine read these fields of every pool."""
    true = Plan.of

    def of(line: Line) -> Plan:
        return true(dataclasses.replace(line, pools=tuple(dataclasses.replace(one, **fields) for one in line.pools)))

    patch.setattr(Plan, "of", staticmethod(of))


FAULTS["every discipline is first come, first served"] = partial(_pools, discipline="first")
FAULTS["nobody is interrupted"] = partial(_pools, preempts=False)
FAULTS["nobody leaves"] = partial(_pools, turnover=Turnover())
FAULTS["nobody is absent"] = partial(_pools, absence=Absence())


@_fault("batches are gathered one larger")
def _larger(patch: Patch) -> None:
    def misread(stage: StagePlan) -> StagePlan:
        return dataclasses.replace(stage, gather=dataclasses.replace(stage.gather, size=stage.gather.size + 1))

    _read(patch, misread)


@_fault("a batch takes no set-up")
def _no_setup(patch: Patch) -> None:
    _read(patch, lambda stage: dataclasses.replace(stage, batch=dataclasses.replace(stage.batch, setup_s=0.0)))


@_fault("all have three times the patience")
def _enduring(patch: Patch) -> None:
    def misread(stage: StagePlan) -> StagePlan:
        if stage.escalate is None:
            return stage
        return dataclasses.replace(stage, escalate=(3 * stage.escalate[0], stage.escalate[1]))

    _read(patch, misread)


@_fault("pools are preferred the other way round")
def _other_way(patch: Patch) -> None:
    _read(patch, lambda stage: dataclasses.replace(stage, pools=stage.pools[::-1]))


@_fault("no stage is ever full")
def _endless(patch: Patch) -> None:
    _read(patch, lambda stage: dataclasses.replace(stage, wip=NOBODY))


@_fault("the line holds one item more than it may")
def _roomy(patch: Patch) -> None:
    _misread(patch, lambda plan: dataclasses.replace(plan, wip=plan.wip + 1))


@_fault("items come evenly over the day")
def _even(patch: Patch) -> None:
    def misread(line: Line) -> Line:
        flat = [replace_arrivals(segment) for segment in line.segments]
        return dataclasses.replace(line, segments=tuple(flat))

    def replace_arrivals(segment: Segment) -> Segment:
        assert segment.arrivals is not None
        return dataclasses.replace(segment, arrivals=dataclasses.replace(segment.arrivals, shape=None))

    true = Plan.of
    patch.setattr(Plan, "of", staticmethod(lambda line: true(misread(line))))


@_fault("every verdict is an acceptance")
def _lenient(patch: Patch) -> None:
    patch.setattr(verdicts, "rejects", lambda *_: False)


@_fault("the labels of an item go on when the first is in")
def _hasty(patch: Patch) -> None:
    true = results.Results._labelled

    def labelled(self: Any, task: Any, stage: StagePlan) -> None:
        if task.item.pending > 1:
            task.item.pending = 1
        true(self, task, stage)

    patch.setattr(results.Results, "_labelled", labelled)


def _segments(patch: Patch, **fields: Any) -> None:
    """Lets the engine read these fields of every segment."""
    true = Plan.of

    def of(line: Line) -> Plan:
        return true(
            dataclasses.replace(line, segments=tuple(dataclasses.replace(one, **fields) for one in line.segments))
        )

    patch.setattr(Plan, "of", staticmethod(of))


FAULTS["items differ in difficulty"] = partial(_segments, difficulty_sd=1.5)
FAULTS["all priorities are equal"] = partial(_segments, priority=1)


@_fault("labels suffice one vote sooner")
def _sooner(patch: Patch) -> None:
    lead, posterior = labels.lead, labels.posterior
    patch.setattr(labels, "lead", lambda *a: lead(*a) + 1)
    patch.setattr(labels, "posterior", lambda *a: (posterior(*a)[0], 1.0))


def _misread(patch: Patch, misread: Callable[[Plan], Plan]) -> None:
    """Lets the engine misread the plan."""
    true = Plan.of
    patch.setattr(Plan, "of", staticmethod(lambda line: misread(true(line))))


def _read(patch: Patch, misread: Callable[[StagePlan], StagePlan]) -> None:
    """Lets the engine misread every stage."""

    def of_plan(plan: Plan) -> Plan:
        stands = (replace_stages(stand) for stand in plan.stands)
        return dataclasses.replace(plan, stands=tuple(stands))

    def replace_stages(stand: Stand) -> Stand:
        return dataclasses.replace(stand, stages=tuple(misread(stage) for stage in stand.stages))

    _misread(patch, of_plan)
