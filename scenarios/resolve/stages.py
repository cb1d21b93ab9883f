"""Stages and their rules."""

from __future__ import annotations

from dataclasses import replace

from ...sim import line as sim
from ..routing import Routes
from ..skill import mean_skill
from ..spec import Scenario, Stage
from ..spec.rules import GoldRule, LabelModel, LabelRule, LotRule, QuestionRule, SelfCheckRule, SkipRule
from .distributions import distribution
from .people import Mix, weighted
from .work import hardness


def stage(name: str, part: Stage, ways: Routes, model_skill: float, scenario: Scenario) -> sim.Stage:
    """A step of the line. model_skill: of a prelabel stage's model."""
    labels, consensus = _labels(part.labels_per_item)
    fraction, risk, kind = part.fraction, part.fraction.risk, ways.kinds[name]
    gather, batch, escalation, rotation = part.gather, part.batch, part.escalation, part.rotation
    return sim.Stage(
        name=name,
        kind=kind,
        pools=tuple((pool, float(share)) for pool, share in (part.pools or {}).items() if share > 0),
        time=distribution(part.time),
        next=ways.next[name],
        labels_per_item=labels,
        rework_by=part.rework_by,
        fraction=fraction.rest,
        rounds=part.on_reject.rounds,
        route=part.route.by,
        route_error=part.route.error or 0.0,
        consensus=consensus,
        segment_fractions=dict(fraction.segments or {}),
        class_fractions=dict(fraction.classes or {}),
        risk=sim.Risk() if risk is None else sim.Risk(risk.auc, risk.misses or ()),
        tenure_fractions=tuple(sorted((fraction.tenure or {}).items())),
        handoff=None if part.handoff is None else distribution(part.handoff),
        gather=sim.Gather() if gather is None else sim.Gather(gather.size, gather.wait),
        batch=sim.Batch() if batch is None else sim.Batch(batch.size, batch.setup, batch.together),
        lot=_lot(part.lot),
        gold=_gold(part.gold),
        model=sim.Model(model_skill, dict(part.model.class_effects)) if kind == "prelabel" else sim.Model(),
        suggestion=sim.Suggestion(part.suggestion.anchoring, part.suggestion.accept_time, part.suggestion.fix_time),
        dedup=sim.Dedup(part.recall, 1.0 if part.precision is None else part.precision),
        escalation=None if escalation is None else sim.Escalation(escalation.after, escalation.to),
        rotation=None if rotation is None else sim.Rotation(rotation.every, rotation.people),
        lock_s=part.lock,
        shift_end=part.shift_end,
        wip=part.wip,
        sla_s=part.sla,
        servers=part.servers,
        skip=_skip(part.skip) if part.questions is None else _questions(part.questions, scenario),
        self_check=_self_check(part.self_check),
    )


def _labels(rule: LabelRule) -> tuple[int, sim.Consensus]:
    """How many labels at first, and how they become one."""
    if rule.lead is not None:
        return rule.lead, sim.Consensus("lead", lead=rule.lead, most=rule.max)
    if rule.threshold is not None:
        return rule.start, sim.Consensus("posterior", threshold=rule.threshold, most=rule.max)
    if rule.weighted is not None:
        return rule.weighted, sim.Consensus("weighted")
    assert rule.majority is not None
    return rule.majority, sim.Consensus()


def _lot(rule: LotRule) -> sim.Lot:
    lot, switching = sim.Lot(rule.size, rule.sample, rule.accept, rule.wait), rule.switching
    if switching is None:
        return lot
    reduced = None if switching.reduced is None else sim.SamplePlan(switching.reduced.sample, switching.reduced.accept)
    tightened = sim.SamplePlan(switching.tightened.sample, switching.tightened.accept)
    return replace(lot, switching=sim.Switching(tightened, reduced, switching.screening))


def _skip(rule: SkipRule | None) -> sim.Skip:
    return sim.Skip() if rule is None else sim.Skip(rule.chance, distribution(rule.time), rule.most)


def _self_check(rule: SelfCheckRule | None) -> sim.SelfCheck | None:
    return None if rule is None else sim.SelfCheck(distribution(rule.time), rule.catch, rule.mend)


def _questions(rule: QuestionRule, scenario: Scenario) -> sim.Skip:
    """site: where they are answered; who asks there, or at no site, waits on no way."""
    there: dict[str, float] = {}
    back: dict[str, float] = {}
    for name, pool in scenario.pools.items():
        if rule.site is not None and pool.site is not None:
            there[name] = scenario.sites[rule.site].delays.get(pool.site, 0.0)
            back[name] = scenario.sites[pool.site].delays.get(rule.site, 0.0)
    return sim.Skip(
        rule.chance,
        distribution(rule.time),
        rule.most,
        distribution(rule.answer),
        rule.calendar,
        {name: way for name, way in there.items() if way},
        {name: way for name, way in back.items() if way},
    )


def _gold(rule: GoldRule | None) -> sim.Gold:
    if rule is None:
        return sim.Gold()
    retrain = rule.retrain
    spent, gain, half = (0.0, 0.0, None) if retrain is None else (retrain.time, retrain.gain, retrain.half_life)
    return sim.Gold(rule.share, rule.ban_below, rule.after, spent, gain, half)


def model_skill(part: LabelModel, start: LabelModel, mix: Mix) -> float:
    """The skill at which a model is as accurate as it is written. start: as it was when the accuracy was meant."""
    if part.skill is not None:
        return part.skill
    rows = [
        (
            items * share * some,
            segment.class_effects.get(one, 0.0) + start.class_effects.get(one, 0.0) - harder,
            sd,
        )
        for items, segment in mix
        for one, share in segment.classes.items()
        for some, harder, sd in hardness(segment)
    ]
    return mean_skill(part.accuracy, 0.0, weighted(rows))
