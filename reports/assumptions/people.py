"""Who does the work and what they cost, in words."""

from __future__ import annotations

import math
from collections.abc import Callable

from ...sim.line import JUDGES, Contract, Kind, Learning, Line, Minimum, Pool, Sessions, Steps, Turnover
from .. import numbers
from .phrases import counts_words, date_of, factors, logits, share, shares, signed, times, week_words, whole
from .work import Told

LABELLERS: frozenset[Kind] = frozenset({"annotate", "adjudicate"})

LABELS = {"any": "any class is as likely", "same": "each always gives one class, any being as likely"}
VERDICTS = {"any": "they reject as often as others reject right labels", "same": "they accept everything"}
"""What people do who do not look."""

DISCIPLINES = {
    "first": "first come, first served",
    "last": "last come, first served",
    "due": "earliest due date first",
    "shortest": "shortest expected time first",
    "fair": "the segment first that has had the least work for its weight",
}

PICKS = {
    "idle": "who was idle longest takes a task",
    "skill": "who is most skilled for its segment takes a task",
    "past": "who was most often right so far takes a task",
}


def pool_words(line: Line, pool: Pool, kinds: set[Kind]) -> Told:
    """Keys of a pool with their values. kinds: of the stages it works at."""
    if pool.sessions is None:
        yield "headcount", whole(pool.headcount, "person", "people")
        yield "calendar", pool.calendar
    else:
        yield from _crowd(pool.sessions)
    yield "shrinkage", f"{numbers.number(pool.shrinkage, numbers.SHARE)} of on-shift time is not spent on tasks"
    yield from _presence(pool)
    yield from _speed(pool)
    yield from _skill(pool, kinds)
    yield from _practice(pool.learning)
    yield from _habits(pool)
    if kinds & set(JUDGES):
        sensitivity = numbers.number(pool.sensitivity, numbers.SHARE)
        yield "reviewing.sensitivity", f"rejects {sensitivity} of wrong labels of a middling item"
        yield "reviewing.false_alarm", f"rejects {numbers.number(pool.false_alarm, numbers.SHARE)} of right labels"
        yield from _own_rates(pool)
    yield from _queue(pool)
    yield from _pay(line, pool.contract)


def _own_rates(pool: Pool) -> Told:
    """By how much reviewers differ."""
    if pool.sensitivity_sd:
        yield "reviewing.spread.sensitivity", f"{numbers.significant(pool.sensitivity_sd)} logits over people"
    if pool.false_alarm_sd:
        yield "reviewing.spread.false_alarm", f"{numbers.significant(pool.false_alarm_sd)} logits over people"


def _crowd(sessions: Sessions) -> Told:
    yield "sessions.rate", f"{numbers.significant(sessions.per_week)} visits a week, at random"
    yield "sessions.calendar", f"visits begin in {sessions.calendar}"
    if sessions.shape is not None:
        yield "sessions.shape", week_words(sessions.shape)
    yield "tasks_per_session", f"a visit is good for so many tasks: {counts_words(sessions.tasks)}"
    yield "sessions.returning", f"{share(sessions.returning)} of visits are by someone who came before"
    yield "sessions.patience", f"a visitor without a task leaves after {numbers.duration(sessions.patience_s)}"
    if sessions.fade:
        power = numbers.significant(sessions.fade)
        told = f"an hour after work was posted the rate holds; visits go as the hours since to the power of -{power}"
        yield "sessions.fade.exponent", told
        yield "sessions.fade.since", f"what waits at the start was posted {numbers.duration(sessions.since_s)} before"
    if sessions.pull:
        power = numbers.significant(sessions.pull)
        yield "sessions.pull.exponent", f"with fewer tasks on offer, visits go as their number to the power of {power}"
        yield "sessions.pull.tasks", f"the whole rate holds from {whole(sessions.offer, 'task', 'tasks')} on offer on"
    if sessions.spread:
        apart = numbers.significant(sessions.spread)
        yield "sessions.spread", f"the rate is the median one; over runs the sd of its logarithm is {apart}"
    else:
        yield "sessions.spread", "the rate is the same in each run"


def _presence(pool: Pool) -> Told:
    if pool.delays:
        told = ", ".join(f"{name} {numbers.duration(delay)}" for name, delay in pool.delays.items())
        yield "site", f"what others did last is on its way here for so long: {told}"
    if pool.overtime_s:
        yield "overtime", f"the last shift of each day is {numbers.duration(pool.overtime_s)} longer"
    if pool.overtime_cap_s is not None:
        yield "overtime_cap", f"nobody works more overtime than {numbers.duration(pool.overtime_cap_s)} in a week"
    if pool.utilisation_cap is not None:
        yield (
            "utilisation_cap",
            f"hours are told in which a person is busy above {share(pool.utilisation_cap)} of a week",
        )
    if pool.absence.share:
        yield "absence.share", f"{share(pool.absence.share)} of days are missed"
        yield "absence.paid", "missed days are paid" if pool.absence.paid else "missed days are not paid"
    if pool.turnover != Turnover():
        turnover = pool.turnover
        yield (
            "turnover.leaving",
            f"of 100 people, {numbers.significant(100 * turnover.hazard_per_year)} leave in a year",
        )
        yield "turnover.lead", f"a place is empty for {numbers.duration(turnover.lead_s)} before a hire begins"
        yield "turnover.training", f"a hire is trained for {numbers.duration(turnover.training_s)} on shift first"
    if (mentoring := pool.mentoring).hours_per_week:
        yield "mentoring.time", f"each hire has {numbers.significant(mentoring.hours_per_week)} h a week of a colleague"
        yield "mentoring.span", f"for {whole(mentoring.weeks, 'week')}"
        yield "mentoring.gain", f"each task of a hire then counts as {numbers.significant(mentoring.gain)} of practice"


def _speed(pool: Pool) -> Told:
    if pool.speed != 1:
        yield "speed.factor", f"tasks take {times(pool.speed)} as long"
    yield "speed.spread", f"{numbers.significant(pool.speed_sd)} (sd of log speed over workers)"
    if pool.segment_times:
        yield "segment_times", f"by segment, tasks take so much longer: {factors(pool.segment_times)}"
    if pool.hurry != 1:
        yield "hurry", f"pay or pace makes tasks take {times(pool.hurry)} as long"
        cost = pool.elasticity * math.log(pool.hurry)
        yield "elasticity", f"{numbers.significant(pool.elasticity)}: that changes skill by {signed(cost)} logits"


def _skill(pool: Pool, kinds: set[Kind]) -> Told:
    if kinds & LABELLERS:
        right = numbers.number(1 / (1 + math.exp(-pool.skill_mean)), numbers.SHARE)
        yield "skill.mean", f"{pool.skill_mean:.2f} logits ({right} right on a middling item)"
    if kinds & (LABELLERS | set(JUDGES)):
        yield "skill.spread", f"{numbers.significant(pool.skill_sd)} logits over workers"
    if pool.spammers.share:
        told = (LABELS if kinds & LABELLERS else VERDICTS)[pool.spammers.answers]
        yield "spammers", f"{share(pool.spammers.share)} of the people answer without looking: {told}"
    if pool.class_effects:
        yield "class_effects", logits(pool.class_effects)
    if pool.segment_effects:
        yield "segment_effects", logits(pool.segment_effects)
    if pool.masters:
        yield "masters", f"so many of the people may work on a segment: {shares(pool.masters)}"
    if pool.cleared:
        yield "cleared", "may see sensitive segments"


def _practice(learning: Learning) -> Told:
    if not (learning.exponent or learning.gain):
        return
    if learning.exponent:
        after = times((1 + 100.0) ** -learning.exponent)
        power = numbers.plain(-learning.exponent, 3).rstrip("0")
        yield "learning.exponent", f"after n tasks a task takes (1 + n)^{power} times as long; after 100, {after}"
    if learning.gain:
        yield "learning.gain", f"practice adds {signed(learning.gain)} logits of skill in the end"
        yield "learning.half", f"half of it after {numbers.significant(learning.half)} tasks"
    yield "learning.tasks", f"nothing more is learnt after {whole(learning.tasks, 'task')}"
    yield "learning.experience", f"people who are there at the start have done {whole(learning.experience, 'task')}"


def _habits(pool: Pool) -> Told:
    if pool.fatigue.slower:
        yield "fatigue.slower", f"each hour on shift makes tasks {share(pool.fatigue.slower)} longer"
    if pool.fatigue.logits:
        yield "fatigue.logits", f"each hour on shift takes {numbers.significant(pool.fatigue.logits)} logits of skill"
    if pool.drift.walk:
        yield "drift.walk", f"each one's skill wanders by {numbers.significant(pool.drift.walk)} logits (sd) in 30 days"


def _queue(pool: Pool) -> Told:
    if pool.discipline != "first":
        yield "discipline", DISCIPLINES[pool.discipline]
    if pool.weights:
        yield (
            "weights",
            "segments that wait get time by weight, 1 for others: "
            + ", ".join(f"{name} {numbers.significant(weight)}" for name, weight in pool.weights.items()),
        )
    if pool.preempts:
        yield "preempts", "a task that goes first stops one that is being done"
    if pool.pick != "idle":
        yield "pick", PICKS[pool.pick]


def _pay(line: Line, contract: Contract) -> Told:
    if contract.account:
        yield "pay", f"the contract {contract.account}"
        return
    yield from ((f"pay.{key}", value) for key, value in contract_words(line, contract))
    if contract == Contract():
        yield "pay", "nothing"


def contract_words(line: Line, contract: Contract) -> Told:
    """Keys of a contract with their values."""
    currency = contract.currency or line.currency

    def money(micro: int) -> str:
        return numbers.money(micro, currency)

    if contract.hourly is not None:
        beyond = f", {contract.overtime:g} times that in overtime" if contract.overtime != 1 else ""
        yield "hourly", f"{money(contract.hourly)} per on-shift hour{beyond}"
    if contract.salary is not None:
        yield "salary", f"{money(contract.salary)} per person and month, by the days employed"
    if contract.per_label:
        yield "per_label", _tiers(contract, money)
        yield "rework_paid", "rework is paid" if contract.rework_paid else "rework is not paid"
    for name, amount, what in (
        ("set_up", contract.set_up, "once, at the start"),
        ("monthly", contract.monthly, "each calendar month begun"),
        ("management", contract.management, "each calendar month begun, for management"),
        ("seat", contract.seat, "per person and calendar month begun"),
    ):
        if amount:
            yield name, f"{money(amount)} {what}"
    if contract.minimum is not None:
        yield "minimum", _minimum(line, contract.minimum, money)
    if contract.index is not None:
        one = contract.index
        yield "index", f"prices rise by {share(one.by)} every {one.every} months"
    for name, steps, what in (
        ("accuracy", contract.accuracy, "labels that are right"),
        ("on_time", contract.on_time, "labels that are on time"),
    ):
        if steps is not None:
            yield name, _steps(steps, what)
    if contract.audit is not None:
        yield "audit", f"{share(contract.audit.share)} of the paid pieces, {money(contract.audit.price)} each"
    if (lots := contract.lots) is not None:
        parts = [f"{share(lots.share)} of what its pieces were billed"] if lots.share else []
        parts += [money(lots.amount)] if lots.amount else []
        yield "lots", f"{' and '.join(parts)} off for each lot that is refused at its first inspection"
    yield from _partings(contract, money)
    if contract.tax:
        yield "tax", f"{share(contract.tax)} on top of every invoice"


def _partings(contract: Contract, money: Callable[[int], str]) -> Told:
    if contract.hiring:
        yield "hiring", f"{money(contract.hiring)} for each person who comes after the start"
    if contract.leaving:
        yield "leaving", f"{money(contract.leaving)} for each person who leaves before the end"
    if contract.notice_days:
        yield "notice", f"who leaves is paid on for {whole(contract.notice_days, 'day')}, without work"
    if (end := contract.termination) is not None:
        when = "" if end.given_s is None else f"day {1 + end.given_s // 86_400:.0f}, or, where earlier, "
        told = (
            f"fees and the minimum stand for {whole(end.notice_days, 'day')} after {when}the day on which the work ends"
        )
        yield "termination", told


def _tiers(contract: Contract, money: Callable[[int], str]) -> str:
    told = []
    for tier in contract.per_label:
        further = " for all further" if len(contract.per_label) > 1 else ""
        reach = f" up to {contract.unit} {tier.up_to:,}" if tier.up_to is not None else further
        told.append(f"{money(tier.price)} per {contract.unit}{reach}")
    if contract.all_units:
        told.append("all of a count at the price of its last")
    if contract.count != "all":
        told.append(f"counted anew each {contract.count}")
    told += [f"{factor:g} times that if due within {numbers.duration(within)}" for within, factor in contract.rush]
    return ", ".join(told)


def _steps(one: Steps, what: str) -> str:
    told = (f"{100 * change:+g}% from {share(since)} on" for since, change in one.steps)
    when = "over the whole run" if one.per == "all" else f"each {one.per}"
    return f"the bill for use changes by {', '.join(told)} of {what}, {when}"


def _minimum(line: Line, one: Minimum, money: Callable[[int], str]) -> str:
    text = f"at least {money(one.amount)} a {one.per}"
    if one.ramp:
        text += ", of which " + ", ".join(f"{share(part)} from {date_of(line, at)} on" for at, part in one.ramp)
    if one.carry:
        text += f"; a shortfall that was paid is credited in the next {one.carry} periods"
    return text
