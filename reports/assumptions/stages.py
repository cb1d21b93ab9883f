"""The way of an item, in words: stages, the rules at each, and where every outcome leads."""

from __future__ import annotations

import math
from collections.abc import Mapping

from ...sim.line import JUDGES, MACHINE, Consensus, Gold, Kind, SamplePlan, Stage, Switching, Target, targets
from .. import numbers
from .phrases import distribution_words, logits, share, shares, signed, times, whole
from .work import Told

KINDS: Mapping[Kind, str] = {
    "annotate": "people label",
    "review": "people accept or reject labels",
    "adjudicate": "people decide",
    "work": "people work, without a label",
    "inspect": "people accept or reject lots by a sample",
    "prelabel": "a model suggests labels",
    "dedup": "a machine drops duplicates",
}

ROUTES = {
    "prefer": "whichever pool has someone free first; of several, the first named",
    "shortest": "the pool with the fewest tasks, waiting or in hand, by person on shift",
    "skill": "whichever pool has someone free first; of several, the most skilled for the segment",
    "difficulty": "the easiest by prediction go to the first pool, as many as its share says",
}

SHIFT_ENDS = {
    "pause": "a task pauses at the end of a shift and goes on in the next",
    "finish": "a task is finished in overtime",
    "return": "a task goes back to its queue at the end of a shift, its time lost",
}


def stage_words(stage: Stage, suggested: bool) -> Told:
    """Keys of a stage with their values. suggested: a model suggests labels before it."""
    yield "kind", KINDS[stage.kind]
    if stage.kind not in MACHINE:
        yield "pools", shares(dict(stage.pools))
        if stage.route != "share":
            yield "route", ROUTES[stage.route]
        if stage.route == "difficulty":
            yield "route.error", f"the prediction of difficulty errs by {numbers.significant(stage.route_error)} logits"
    yield "time", distribution_words(stage.time)
    if stage.kind == "annotate":
        yield from _labels(stage, suggested)
    if stage.kind == "review":
        yield from _fraction(stage)
    if stage.kind == "inspect":
        yield from _lot(stage)
    if stage.kind in JUDGES:
        yield "on_reject.rounds", f"at most {whole(stage.rounds, 'return')} to rework"
    if stage.kind in MACHINE:
        yield from _machine(stage)
    yield from _together(stage)
    yield from _limits(stage)
    yield "next", ", ".join(f"{outcome} → {_target(target)}" for outcome, target in stage.next.items())


def _labels(stage: Stage, suggested: bool) -> Told:
    yield from _consensus(stage.consensus, stage.labels_per_item)
    yield "rework_by", stage.rework_by
    if suggested:
        suggestion = stage.suggestion
        yield "suggestion.anchoring", f"a suggested label is kept unread in {share(suggestion.anchoring)} of tasks"
        yield "suggestion.accept_time", f"a task that keeps it takes {times(suggestion.accept_time)} as long"
        yield "suggestion.fix_time", f"a task that changes it takes {times(suggestion.fix_time)} as long"
    if stage.gold.share:
        yield from _gold(stage.gold)


def _consensus(consensus: Consensus, labels: int) -> Told:
    most = f"at most {consensus.most}"
    if consensus.rule == "majority":
        yield "labels_per_item", f"{labels}{'; the label with most votes counts' if labels > 1 else ''}"
    elif consensus.rule == "weighted":
        yield "labels_per_item.weighted", f"{labels}; the label whose workers are the more skilled counts"
    elif consensus.rule == "lead":
        yield "labels_per_item.lead", f"{consensus.lead} at once, then one at a time until a label leads by as many"
        yield "labels_per_item.max", most
    else:
        sure = share(consensus.threshold)
        yield "labels_per_item.threshold", f"one more at a time until the best label is {sure} sure"
        yield "labels_per_item.start", f"{labels} at once"
        yield "labels_per_item.max", most


def _gold(gold: Gold) -> Told:
    yield "gold.share", f"before {share(gold.share)} of tasks comes a test question"
    if gold.ban_below is None:
        return
    then = "goes home for good"
    if gold.retrain_s:
        gain = f" and gains {signed(gold.retrain_gain)} logits" if gold.retrain_gain else ""
        lost = f", half of which is lost after {numbers.duration(gold.retrain_half_s)}" if gold.retrain_half_s else ""
        then = f"is trained for {numbers.duration(gold.retrain_s)}{gain}{lost}"
    yield "gold.ban_below", f"who is right on fewer than {share(gold.ban_below)} of them {then}"
    yield "gold.after", f"not before {whole(gold.after, 'test question')}"


def _fraction(stage: Stage) -> Told:
    others = stage.segment_fractions or stage.class_fractions or stage.tenure_fractions or stage.risk.auc > 0.5
    yield f"fraction{'.rest' if others else ''}", f"{share(stage.fraction)} of items"
    if stage.segment_fractions:
        yield "fraction.segments", f"by segment: {shares(stage.segment_fractions)}"
    if stage.class_fractions:
        yield "fraction.classes", f"by the label given: {shares(stage.class_fractions)}"
    if stage.risk.auc > 0.5 or stage.risk.misses:
        higher = f"a wrong label scores higher than a right one in {share(stage.risk.auc)} of pairs"
        yield "fraction.risk.auc", f"those with the highest score; {higher}"
    if stage.risk.misses:
        yield "fraction.risk.misses", f"where the truth is {', '.join(stage.risk.misses)}"
    if stage.tenure_fractions:
        steps = [f"{share(part)} until {whole(tasks, 'task')} are done" for tasks, part in stage.tenure_fractions]
        yield "fraction.tenure", f"by the author's practice: {', '.join(steps)}"


def _lot(stage: Stage) -> Told:
    lot = stage.lot
    yield "lot.size", f"a lot is {whole(lot.size, 'item')} of a segment"
    yield "lot.sample", f"{lot.sample} of them are inspected"
    bound = "none" if lot.accept == 0 else f"at most {lot.accept}"
    yield "lot.accept", f"a lot with {bound} rejected is accepted; else all of it goes back"
    yield "lot.wait", f"what has come {numbers.duration(lot.wait_s)} after the first makes a lot"
    if lot.switching is not None:
        yield from _switching(lot.switching)


def _switching(rules: Switching) -> Told:
    when = "after 2 of 5 lots or fewer are rejected, until 5 in a row are accepted"
    yield "lot.switching.tightened", f"{_plan(rules.tightened)}, {when}"
    if rules.reduced is not None:
        when = "after 10 or 15 good lots in a row (score 30), until one is rejected"
        yield "lot.switching.reduced", f"{_plan(rules.reduced)}, {when}"
    whole_lots = f"{whole(rules.screened, 'lot')} inspected as a whole"
    yield "lot.switching.screening", f"{whole_lots} after 5 are rejected as tightened"


def _plan(plan: SamplePlan) -> str:
    bound = "none" if plan.accept == 0 else f"at most {plan.accept}"
    return f"{plan.sample} inspected, {bound} rejected"


def _machine(stage: Stage) -> Told:
    if stage.kind == "prelabel":
        right = numbers.number(1 / (1 + math.exp(-stage.model.skill)), numbers.SHARE)
        middling = "right on a middling item"
        yield "model.accuracy", f"{right} {middling} ({numbers.significant(stage.model.skill)} logits)"
        if stage.model.class_effects:
            yield "model.class_effects", logits(stage.model.class_effects)
    else:
        yield "recall", f"finds {share(stage.dedup.recall)} of the duplicates"
        yield "precision", f"{share(stage.dedup.precision)} of what it drops is a duplicate"
    servers = "no limit" if stage.servers is None else whole(stage.servers, "batch", "batches") + " at a time"
    yield "servers", servers


def _together(stage: Stage) -> Told:
    if stage.handoff is not None:
        yield "handoff", f"before a task is ready: {distribution_words(stage.handoff)}"
    if stage.gather.size > 1:
        yield "gather.size", f"tasks become ready {stage.gather.size} together"
        yield "gather.wait", f"or {numbers.duration(stage.gather.wait_s)} after the first of them came"
    if stage.batch.size > 1 or stage.batch.setup_s:
        setup = f", with {numbers.duration(stage.batch.setup_s)} to set up" if stage.batch.setup_s else ""
        once = "; results go on when all are done" if stage.batch.together else ""
        yield "batch", f"up to {whole(stage.batch.size, 'task')} are taken together{setup}{once}"


def _limits(stage: Stage) -> Told:
    if stage.shift_end != "pause":
        yield "shift_end", SHIFT_ENDS[stage.shift_end]
    if stage.lock_s is not None:
        yield "lock", f"a task held longer than {numbers.duration(stage.lock_s)} is issued again"
    if stage.self_check is not None:
        check = stage.self_check
        yield "self_check.time", f"who gave a label looks it over: {distribution_words(check.time)}"
        yield "self_check.catch", f"finds {share(check.catch)} of the wrong ones"
        yield "self_check.mend", f"giving one anew takes {numbers.significant(check.mend)} times as long as at first"
    if stage.skip.chance and stage.skip.answer is not None:
        yield "questions.chance", f"{share(stage.skip.chance)} of those who take a task ask back about it"
        yield "questions.time", f"after a look: {distribution_words(stage.skip.time)}"
        yield "questions.answer", f"an answer takes, in its hours: {distribution_words(stage.skip.answer)}"
        yield "questions.calendar", f"answers are given in {stage.skip.calendar}"
        if stage.skip.there or stage.skip.back:
            names = dict.fromkeys([*stage.skip.there, *stage.skip.back])
            ways = (stage.skip.there.get(name, 0.0) + stage.skip.back.get(name, 0.0) for name in names)
            told = ", ".join(f"{name} {numbers.duration(way)}" for name, way in zip(names, ways, strict=True))
            yield "questions.site", f"there and back it is on its way: {told}"
        yield "questions.most", f"at most {whole(stage.skip.most, 'question', 'questions')} about a task"
    elif stage.skip.chance:
        yield "skip.chance", f"{share(stage.skip.chance)} of those who take a task leave it to somebody else"
        yield "skip.time", f"after a look: {distribution_words(stage.skip.time)}"
        most = whole(stage.skip.most, "person", "people")
        yield "skip.most", f"at most {most} leave an item, each time that it comes"
    if stage.escalation is not None:
        after = numbers.duration(stage.escalation.after_s)
        yield "escalation", f"what has waited {after} goes to {stage.escalation.to}"
    if stage.rotation is not None:
        people, every = whole(stage.rotation.people, "person", "people"), numbers.duration(stage.rotation.every_s)
        yield "rotation", f"{people} at a time, others every {every}"
    if stage.wip is not None:
        yield "wip", f"at most {whole(stage.wip, 'task')} wait or are in progress here"
    if stage.sla_s is not None:
        yield "sla", f"promised within {numbers.duration(stage.sla_s)} of the item's coming"


def _target(target: Target) -> str:
    ways = targets(target)
    return ways[0][0] if len(ways) == 1 else " or ".join(f"{name} ({share(part)})" for name, part in ways)
