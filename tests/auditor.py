"""The accounts of a deal, kept hour by hour and label by label in fractions: what the ledger must come to."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import NamedTuple
from zoneinfo import ZoneInfo

from deals import FACTORS, MICRO, NANO, POOLS, WORKERS, Deal, span_of

from labelcast.sim.ledger import minor_unit
from labelcast.sim.line import Contract, Index, Tier

WEEK, DAY, HOUR_MS = 7 * 24, timedelta(days=1), 3_600_000

Invoice = tuple[str, str, str]
"""Month, first pool of the account, and part of the contract."""


class Employed(NamedTuple):
    """A person, the first and the last day of employment, and whether they came after the start and left before the
    end."""

    worker: int
    first: date
    last: date
    hired: bool
    left: bool


class Piece(NamedTuple):
    """A paid piece. factor: on its price.  lot: the one that was refused with it."""

    finish: int
    contract: Contract
    factor: Fraction
    lot: int | None

    def at(self, number: int) -> Fraction:
        """What it costs as the piece of a number."""
        return _tier(self.contract, number) * self.factor


def days(first: date, last: date) -> list[date]:
    """From the first to the last."""
    return [first + number * DAY for number in range((last - first).days + 1)]


def half_up(owed: Fraction, minor: int) -> int:
    """Rounded to whole minor units, halves away from zero."""
    return int(math.copysign(1, owed)) * math.floor(abs(owed) / minor + Fraction(1, 2)) * minor


class Auditor:
    """The accounts of a deal; every law is written as it is read, and nothing is rounded but invoices."""

    def __init__(self, deal: Deal) -> None:
        self.deal = deal
        self._begun = deal.moment.timestamp()
        self._local: dict[int, datetime] = {}
        self._raised: dict[tuple[Contract, int], Contract] = {}

    def local(self, hour: int) -> datetime:
        """The local time of an hour."""
        if hour not in self._local:
            self._local[hour] = datetime.fromtimestamp(self._begun + 3600 * hour, ZoneInfo(self.deal.timezone))
        return self._local[hour]

    def month(self, hour: int) -> str:
        """The month in which an hour begins."""
        moment = self.local(hour)
        return f"{moment.year}-{moment.month:02d}"

    def midnight(self, day: date) -> int:
        """The hour with which a local day begins."""
        moment = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(self.deal.timezone))
        return round((moment.timestamp() - self._begun) / 3600)

    def bounds(self, month: str) -> tuple[int, int]:
        """First hour of a month and of the next."""
        first = date(int(month[:4]), int(month[5:]), 1)
        return self.midnight(first), self.midnight((first + timedelta(days=31)).replace(day=1))

    def agreed(self, pool: str, hour: int) -> tuple[int, Contract]:
        """What was agreed at last before an hour, and when."""
        return [(at, contracts[pool]) for at, contracts, _ in self.deal.prices if at <= hour or at == 0][-1]

    def price(self, pool: str, hour: int) -> Contract:
        """What holds at an hour, with its raises."""
        at, contract = self.agreed(pool, hour)
        key = contract, self._raises(at, contract.index, hour)
        if key not in self._raised:
            self._raised[key] = _raised(*key)
        return self._raised[key]

    def _raises(self, agreed: int, index: Index | None, hour: int) -> int:
        if index is None or hour <= agreed:
            return 0
        begun, now = self.local(agreed).replace(tzinfo=None), self.local(hour).replace(tzinfo=None)
        months = 12 * (now.year - begun.year) + now.month - begun.month
        last = (now.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        return (months if now.day >= min(begun.day, last.day) else months - 1) // index.every

    def factor(self, segment: str, hour: int) -> Fraction:
        """The price factor of a segment at an hour."""
        return FACTORS[[of for at, _, of in self.deal.prices if at <= hour][-1][segment]]

    def invoices(self) -> dict[Invoice, tuple[str, int, int]]:
        """Currency of each invoice, what it comes to in it, and in the home currency; of those above or below zero."""
        found = {}
        for pools in self._accounts():
            contract = self.deal.prices[0][1][pools[0]]
            currency = contract.currency or self.deal.currency
            bills = Counter[tuple[str, str]]()
            for part in (self._hours, self._salaries, self._labels):
                for name, month, exact in part(pools):
                    bills[month, name] += half_up(exact, minor_unit(currency))
            used = Counter[str]()
            for (month, _), owed in bills.items():
                used[month] += owed
            beside = [*self._fees(pools), *self._partings(pools), *self._audits(pools), *self._lots(pools)]
            beside += self._quality(pools, used)
            for name, month, exact in (*beside, *self._minimum(pools[0], used, minor_unit(currency))):
                bills[month, name] += half_up(exact, minor_unit(currency))
            months = Counter[str]()
            for (month, _), owed in bills.items():
                months[month] += owed
            for month, owed in months.items():
                tax = owed * Fraction(round(contract.tax * MICRO), MICRO)
                bills[month, "tax"] = half_up(tax, minor_unit(currency))
            for (month, name), owed in bills.items():
                if owed:
                    found[month, pools[0], name] = currency, owed, self._home(owed, currency, month)
        return found

    def _accounts(self) -> list[tuple[str, ...]]:
        mine = self.deal.prices[0][1]
        shared = tuple(pool for pool in POOLS if pool in mine and mine[pool].account)
        return [shared] if shared else [(pool,) for pool in POOLS if pool in mine]

    def _home(self, owed: int, currency: str, month: str) -> int:
        if currency == self.deal.currency:
            return owed
        rates, end = self.deal.rates[currency], self.bounds(month)[1]
        rate = [rate for at, rate in rates if at < end or at == 0][-1]
        return half_up(Fraction(owed * rate, NANO), minor_unit(self.deal.currency))

    def _hours(self, pools: tuple[str, ...]) -> Iterator[tuple[str, str, Fraction]]:
        owed = defaultdict[str, Fraction](Fraction)
        kinds = defaultdict[tuple[str, int, int], set[str]](set)
        for pool, worker, begin, end, *kind in self.deal.presence:
            for hour in range(begin, min(end, self.deal.ended)):
                kinds[pool, worker, hour] |= set(kind)
        for (pool, _, hour), there in kinds.items():
            if pool in pools and there != {"absent_unpaid"}:
                contract = self.price(pool, hour)
                over = "overtime" in there and not there & {"working", "session"}
                factor = Fraction(round(contract.overtime * MICRO), MICRO) if over else 1
                owed[self.month(hour)] += (contract.hourly or 0) * factor
        yield from (("hours", month, much) for month, much in owed.items())

    def _employed(self, pool: str) -> Iterator[Employed]:
        """Each person of a pool who is employed: to the start and the end of the run where they are no more than a week
        away."""
        for worker in WORKERS[pool]:
            rows = [
                (a, min(b, self.deal.ended)) for of, who, a, b, *_ in self.deal.presence if (of, who) == (pool, worker)
            ]
            there = [(a, b) for a, b in rows if a < b]
            if there:
                begin, end = min(a for a, _ in there), max(b for _, b in there)
                hired, left = begin > WEEK, end < self.deal.ended - WEEK
                first = self.local(begin if hired else 0).date()
                last = self.local((end if left else self.deal.ended) - 1).date()
                yield Employed(worker, first, last, hired, left)

    def _salaries(self, pools: tuple[str, ...]) -> Iterator[tuple[str, str, Fraction]]:
        salaried = Counter[tuple[str, int]]()
        for pool in pools:
            for one in self._employed(pool):
                # A day has the price with which it begins.
                begin, end = self.midnight(one.first), self.midnight(one.last + DAY)
                salaried.update(
                    (self.month(hour), self.price(pool, hour).salary or 0) for hour in range(begin, end, 24)
                )
        owed = defaultdict[str, Fraction](Fraction)
        for (month, salary), many in salaried.items():
            first, last = self.bounds(month)
            owed[month] += Fraction(24 * salary * many, last - first)
        yield from (("salaries", month, much) for month, much in owed.items())

    def _labels(self, pools: tuple[str, ...]) -> Iterator[tuple[str, str, Fraction]]:
        owed, corrected = defaultdict[str, Fraction](Fraction), defaultdict[str, Fraction](Fraction)
        for made in self._pieces(pools).values():
            if not made[0].contract.all_units:
                for number, one in enumerate(made, 1):
                    owed[self.month(one.finish)] += one.at(number)
                continue
            reached = Counter(self.month(one.finish) for one in made)
            before = 0
            for month, many in sorted(reached.items()):
                now = before + many
                owed[month] += sum((one.at(now) for one in made[before:now]), Fraction(0))
                corrected[month] += sum((one.at(now) - one.at(before) for one in made[:before]), Fraction(0))
                before = now
        yield from (("labels", month, much) for month, much in owed.items())
        yield from (("corrections", month, much) for month, much in corrected.items())

    def _pieces(self, pools: tuple[str, ...]) -> dict[str, list[Piece]]:
        """Paid pieces by count, each by itself, in order of finish."""
        counts = defaultdict[str, list[Piece]](list)
        for one in self.deal.labels:
            contract = self.price(one.pool, one.finish) if one.pool in pools else Contract()
            if contract.per_label and (one.turn == 0 or contract.rework_paid):
                pieces = {"label": 1, "item": int(one.turn + one.replica == 0), "object": one.objects or 1}
                hurry = [by for within, by in contract.rush if one.room is not None and 3600 * one.room <= within]
                factor = self.factor(one.segment, one.finish) * Fraction(round((hurry or [1.0])[0] * MICRO), MICRO)
                refused = None if one.lot is None else self.deal.refused.get(one.lot)
                lot = one.lot if refused is not None and one.finish <= refused else None
                span = span_of(self.month(one.finish), contract.count)
                counts[span] += [Piece(one.finish, contract, factor, lot)] * pieces[contract.unit]
        return {span: made for span, made in counts.items() if made}

    def _lots(self, pools: tuple[str, ...]) -> Iterator[tuple[str, str, Fraction]]:
        """What comes off for lots: of each piece at its price by the end of the month of refusal, and of each lot."""
        asked, found, lots = self.deal.prices[0][1][pools[0]].lots, defaultdict[str, Fraction](Fraction), set[int]()
        for made in self._pieces(pools).values() if asked is not None else ():
            for number, one in enumerate(made, 1):
                if one.lot is None:
                    continue
                lots.add(one.lot)
                month = self.month(self.deal.refused[one.lot])
                by_then = sum(self.month(other.finish) <= month for other in made)
                found[month] += one.at(by_then if one.contract.all_units else number)
        if asked is not None:
            share = Fraction(round(asked.share * MICRO), MICRO)
            yield from (("share of lots", month, -share * much) for month, much in found.items())
            refused = Counter(self.month(self.deal.refused[lot]) for lot in lots)
            yield from (("lots", month, Fraction(-many * asked.amount)) for month, many in refused.items())

    def _audits(self, pools: tuple[str, ...]) -> Iterator[tuple[str, str, Fraction]]:
        owed = defaultdict[str, Fraction](Fraction)
        for made in self._pieces(pools).values():
            for one in made:
                if (audit := one.contract.audit) is not None:
                    owed[self.month(one.finish)] += Fraction(round(audit.share * MICRO) * audit.price, MICRO)
        yield from (("audits", month, much) for month, much in owed.items())

    def _quality(self, pools: tuple[str, ...], used: Counter[str]) -> Iterator[tuple[str, str, Fraction]]:
        """By how much use changes, in the last month of each period in which anything was judged."""
        contract = self.deal.prices[0][1][pools[0]]
        mine = [one for one in self.deal.labels if one.pool in pools]
        right = [(one.finish, one.right) for one in mine if one.right is not None]
        in_time = [(one.finish, one.finish <= one.came + one.room) for one in mine if one.room is not None]
        for steps, judged, less in ((contract.accuracy, right, "malus"), (contract.on_time, in_time, "late")):
            spans = defaultdict[str, list[tuple[str, bool]]](list)
            for finish, good in judged if steps is not None else ():
                spans[span_of(self.month(finish), steps.per)].append((self.month(finish), good))
            for span, found in spans.items():
                share = Fraction(sum(good for _, good in found), len(found))
                reached = [change for since, change in steps.steps if Fraction(round(since * MICRO), MICRO) <= share]
                change = Fraction(round((reached or [0.0])[-1] * MICRO), MICRO)
                owed = change * sum(much for month, much in used.items() if span_of(month, steps.per) == span)
                yield "bonus" if owed > 0 else less, max(month for month, _ in found), owed

    def _partings(self, pools: tuple[str, ...]) -> Iterator[tuple[str, str, Fraction]]:
        """Hires, leavers, and what those are paid on for: days of the salary, and of the hours that they were paid for
        over the days of employment."""
        owed = defaultdict[tuple[str, str], Fraction](Fraction)
        for pool in pools:
            for one in self._employed(pool):
                first, last = self.midnight(one.first), self.midnight(one.last)
                if one.hired:
                    owed["hiring", self.month(first)] += self.price(pool, first).hiring
                if not one.left:
                    continue
                owed["leaving", self.month(last)] += self.price(pool, last).leaving
                there, paid = len(days(one.first, one.last)), HOUR_MS * len(self._paid_hours(pool, one.worker))
                for number in range(1, self.price(pool, last).notice_days + 1):
                    at = self.midnight(one.last + number * DAY)
                    begin, end = self.bounds(self.month(at))
                    contract, ms = self.price(pool, at), paid * number // there - paid * (number - 1) // there
                    owed["notice", self.month(at)] += Fraction(24 * (contract.salary or 0), end - begin)
                    owed["notice by the hour", self.month(at)] += Fraction((contract.hourly or 0) * ms, HOUR_MS)
        yield from ((name, month, much) for (name, month), much in owed.items())

    def _paid_hours(self, pool: str, worker: int) -> set[int]:
        rows = [row for row in self.deal.presence if row[:2] == (pool, worker) and row[4:] != ("absent_unpaid",)]
        return {hour for row in rows for hour in range(row[2], min(row[3], self.deal.ended))}

    def _stands(self, pool: str) -> int:
        """The hour until when fees and minimums do."""
        end = self.deal.prices[0][1][pool].termination
        if end is None:
            return self.deal.ended
        last = self.local(self.deal.ended - 1).date()
        if end.given_s is not None:
            last = min(last, self.local(round(end.given_s / 3600)).date())
        return self.midnight(last + (end.notice_days + 1) * DAY)

    def _months(self, pool: str) -> list[str]:
        """Those in which fees and minimums stand; the first in any case."""
        found, at = [], 0
        while at < max(self._stands(pool), 1):
            found.append(self.month(at))
            at = self.bounds(found[-1])[1]
        return found

    def _fees(self, pools: tuple[str, ...]) -> Iterator[tuple[str, str, Fraction]]:
        yield "set-up", self.month(0), Fraction(self.deal.prices[0][1][pools[0]].set_up)
        for month in self._months(pools[0]):
            price = self.price(pools[0], max(0, self.bounds(month)[0]))
            yield "monthly", month, Fraction(price.monthly)
            yield "management", month, Fraction(price.management)
        seats = Counter[str]()
        for pool in pools:
            for one in self._employed(pool):
                seats.update({self.month(self.midnight(day)) for day in days(one.first, one.last)})
        for month, many in seats.items():
            yield "seats", month, Fraction(many * self.price(pools[0], max(0, self.bounds(month)[0])).seat)

    def _minimum(self, pool: str, used: Counter[str], minor: int) -> Iterator[tuple[str, str, Fraction]]:
        minimum = self.deal.prices[0][1][pool].minimum
        if minimum is None:
            return
        short: list[list[int]] = []
        for number, span in enumerate(dict.fromkeys(span_of(month, minimum.per) for month in self._months(pool))):
            months = [month for month in self._year_months(span) if span_of(month, minimum.per) == span]
            begin, end = self.bounds(months[0])[0], self.bounds(months[-1])[1]
            held = Counter(self._held(pool, hour) for hour in range(max(0, begin), end))
            whole = sum((amount * share * hours for (amount, share), hours in held.items()), Fraction(0))
            owed, use = half_up(whole / (end - begin), minor), sum(used[month] for month in months)
            if use < owed:
                short.append([number, owed - use])
                yield "shortfall", months[-1], Fraction(owed - use)
            left = max(0, use - owed)
            for paid in short:
                taken = min(left, paid[1]) if number - paid[0] <= minimum.carry else 0
                paid[1], left = paid[1] - taken, left - taken
            yield "carried", months[-1], Fraction(max(0, left) - max(0, use - owed))

    def _year_months(self, span: str) -> list[str]:
        return [f"{span[:4]}-{month:02d}" for month in range(1, 13)]

    def _held(self, pool: str, hour: int) -> tuple[int, Fraction]:
        """The minimum of an hour, and what share of it is committed."""
        minimum = self.agreed(pool, hour)[1].minimum
        assert minimum is not None
        if not minimum.ramp:
            return minimum.amount, Fraction(1)
        begun = [share for since, share in minimum.ramp if since <= 3600 * hour]
        return minimum.amount, Fraction(round(begun[-1] * MICRO), MICRO) if begun else Fraction(0)


def _tier(contract: Contract, number: int) -> int:
    fits = [tier.price for tier in contract.per_label if tier.up_to is None or number <= tier.up_to]
    return fits[0]


def _raised(contract: Contract, times: int) -> Contract:
    if contract.index is None:
        return contract
    factor = Fraction(MICRO + round(contract.index.by * MICRO), MICRO) ** times

    def price(micro: int) -> int:
        return half_up(micro * factor, 1)

    return replace(
        contract,
        hourly=None if contract.hourly is None else price(contract.hourly),
        salary=None if contract.salary is None else price(contract.salary),
        per_label=tuple(Tier(tier.up_to, price(tier.price)) for tier in contract.per_label),
        monthly=price(contract.monthly),
        management=price(contract.management),
        seat=price(contract.seat),
        audit=None if contract.audit is None else replace(contract.audit, price=price(contract.audit.price)),
    )
