"""Contracts and exchange rates, and the rules that currencies break."""

from __future__ import annotations

from collections.abc import Iterator

from ...sim import line as sim
from ..contracts import ByQuality, Commitment, Ended, Pay, Prices
from ..routing import Broken
from ..spec import Scenario
from ..values import Amount
from .moments import since


def contract(pay: Pay | None, scenario: Scenario) -> sim.Contract:
    """What a pool costs."""
    if pay is None:
        return sim.Contract()
    part: Prices = pay if pay.contract is None else scenario.contracts[pay.contract]
    labels, index = part.per_label, part.index
    currency = part.amounts[0].currency
    return sim.Contract(
        hourly=_micro(part.hourly),
        per_label=() if labels is None else tuple(sim.Tier(to, price.micro) for to, price in labels.tiers.items()),
        rework_paid=part.rework_paid,
        overtime=part.overtime,
        salary=_micro(part.salary),
        count="all" if labels is None or labels.count == "run" else labels.count,
        all_units=labels is not None and labels.scheme == "all_units",
        monthly=_micro(part.monthly) or 0,
        management=_micro(part.management) or 0,
        set_up=_micro(part.set_up) or 0,
        seat=_micro(part.seat) or 0,
        minimum=None if part.minimum is None else _minimum(part.minimum, scenario),
        index=None if index is None else sim.Index(index.by, index.months),
        currency="" if currency == scenario.currency else currency,
        unit="label" if labels is None else labels.unit,
        rush=() if labels is None else tuple(sorted(labels.rush.items())),
        accuracy=_steps(part.accuracy),
        on_time=_steps(part.on_time),
        audit=None if part.audit is None else sim.Audit(part.audit.share, part.audit.price.micro),
        lots=None if part.lots is None else sim.Refund(part.lots.share, _micro(part.lots.amount) or 0),
        tax=part.tax,
        hiring=_micro(part.hiring) or 0,
        leaving=_micro(part.leaving) or 0,
        notice_days=part.notice,
        termination=None if part.termination is None else _termination(part.termination, scenario),
        account=pay.contract or "",
    )


def _minimum(part: Commitment, scenario: Scenario) -> sim.Minimum:
    ramp = sorted((since(scenario, moment), share) for moment, share in (part.ramp or {}).items())
    return sim.Minimum(part.amount.micro, part.per, part.carry, tuple(ramp))


def _termination(part: Ended, scenario: Scenario) -> sim.Termination:
    return sim.Termination(part.notice, None if part.given is None else since(scenario, part.given))


def _steps(part: ByQuality | None) -> sim.Steps | None:
    if part is None:
        return None
    return sim.Steps(tuple(sorted(part.steps.items())), "all" if part.per == "run" else part.per)


def _micro(amount: Amount | None) -> int | None:
    return None if amount is None else amount.micro


def _prices(scenario: Scenario) -> Iterator[tuple[tuple[str | int, ...], Prices]]:
    """All that somebody is paid by, and where it stands."""
    for name, contract_ in scenario.contracts.items():
        yield ("contracts", name), contract_
    for name, pool in scenario.pools.items():
        if pool.pay is not None:
            yield ("pools", name, "pay"), pool.pay


def _parted(scenario: Scenario) -> Iterator[Broken]:
    """Costs of coming and leaving where nobody is employed, and contracts that end before the start or never."""
    for name, pool in scenario.pools.items():
        if pool.sessions is None or pool.pay is None:
            continue
        part: Prices = pool.pay if pool.pay.contract is None else scenario.contracts[pool.pay.contract]
        for key, there in (("hiring", part.hiring), ("leaving", part.leaving), ("notice", part.notice)):
            if there:
                rule = f"{key} is for people who are employed, but the pool is a crowd"
                yield ("pools", name, "pay"), f"{rule}. Take it out, or give the pool a contract of its own."
    for loc, part in _prices(scenario):
        end = part.termination
        if end is not None and end.given is not None:
            given = since(scenario, end.given)
            if given + 86_400 * end.notice <= 0:
                rule = "the contract is over before the start"
            elif given >= scenario.horizon:
                rule = "notice is to be given within the horizon, but is given later"
            else:
                continue
            yield (*loc, "termination", "given"), f"{rule}. Write another day, or take termination out."


def exchange(scenario: Scenario) -> tuple[sim.Exchange, ...]:
    """Rates of all currencies, in order of their dates."""
    found = []
    for currency, rates in scenario.exchange.items():
        if rates.constant is not None:
            found.append(sim.Exchange(currency, 0.0, rates.constant))
        found += [sim.Exchange(currency, since(scenario, at), rate) for at, rate in (rates.dates or {}).items()]
    return tuple(sorted(found, key=lambda one: (one.at_s, one.currency)))


def payable(scenario: Scenario) -> Iterator[Broken]:
    """Rates of the scenario's own currency, and prices by due date and lot where there never is one."""
    dated = any(part.due is not None for part in scenario.work.values())
    dated |= any(".due" in (change.path or "") for change in scenario.changes)
    for loc, part in () if dated else _prices(scenario):
        for name, there in (
            ("on_time", part.on_time is not None),
            ("per_label.rush", part.per_label is not None and bool(part.per_label.rush)),
        ):
            if there:
                rule = f"{name} goes by due dates, but no item has one"
                yield loc, f"{rule}. Write `due: 15 days` for items of `work`, or take it out."
    inspected = any((stage.kind or name) == "inspect" for name, stage in scenario.stages.items())
    for loc, part in () if inspected else _prices(scenario):
        if part.lots is not None:
            rule = "lots are those of an inspection, but there is no stage of kind inspect"
            yield (*loc, "lots"), f"{rule}. Add one, or take it out."
    yield from _parted(scenario)
    if scenario.currency in scenario.exchange:
        yield ("exchange", scenario.currency), "is the scenario's own currency, which is worth 1. Take it out."
