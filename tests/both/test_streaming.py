"""A run without a log: KPIs, ledger and curves are those from the log of the same run; and a fault would be seen."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from both.compared import TICKS, apart, large_lines, random_lines, shared, shared_streams, signed, streams
from engine.test_lot_switching import STRICT, shaky
from lines import exponential, full, queue, whole

from labelcast.sim import streaming
from labelcast.sim.kernel import stream
from labelcast.sim.kernel.run import vector_of
from labelcast.sim.kernel.stream import Streamed
from labelcast.sim.kernel.world import CELLS, ITEMS, NODES, TASKS
from labelcast.sim.ledger import Spent, spent_of
from labelcast.sim.line import Learning, Line, Relabel
from labelcast.sim.replication import Job, one
from labelcast.sim.tally import columns

Spoil = Callable[[Any, Any], None]


@pytest.mark.parametrize("tick_s", TICKS)
def test_random_lines_come_out_the_same(tick_s: float) -> None:
    """Sixty lines out of all mechanisms."""
    compared = random_lines(tick_s, 60, 5, streams)
    assert compared.different == []
    assert compared.lines >= 60


@pytest.mark.parametrize("tick_s", TICKS)
def test_large_lines_come_out_the_same(tick_s: float) -> None:
    """A line with every mechanism at once, and one with more items than are folded at once."""
    for compared in large_lines(tick_s, 6000, 1, streams):
        assert compared.different == []
        assert compared.rows > 1000


@pytest.mark.parametrize("tick_s", TICKS)
def test_lines_under_shared_contracts_come_out_the_same(tick_s: float) -> None:
    """Thirty lines out of all mechanisms under contracts of all parts that pools share, over a month's end; labels that
    finish in one tick are numbered alike, whichever of its pools they are of."""
    compared = random_lines(tick_s, 30, 6, shared_streams)
    assert compared.different == []
    assert compared.lines >= 30


@pytest.mark.verify
def test_many_lines_come_out_the_same() -> None:
    """400 random lines at each tick, and large ones by several seeds."""
    compared = [random_lines(tick_s, 400, 15, streams) for tick_s in TICKS]
    compared += [each for tick_s in TICKS for each in large_lines(tick_s, 10_000, 2, streams)]
    assert [sentence for each in compared for sentence in each.different] == []
    assert sum(each.rows for each in compared) >= 100_000


def test_items_that_go_back_come_out_the_same() -> None:
    """With a rollback all items are kept to the end, and the last delivery counts."""
    line = full(300)
    back = Relabel(6 * 3600.0, "annotate", 0.5)
    assert streams(dataclasses.replace(line, relabels=(back,)), 1)[1] == []


def taken_later(items: np.ndarray, tasks: np.ndarray) -> None:
    """A second more of every wait off shift."""
    tasks[:, columns.OFF_SHIFT_MS] += 1000


def paid_otherwise(items: np.ndarray, tasks: np.ndarray) -> None:
    """Every label takes the number after its own."""
    tasks[tasks[:, columns.PAID_NUMBER] > 0, columns.PAID_NUMBER] += 1


def lost(items: np.ndarray, tasks: np.ndarray) -> None:
    """No task is of a later round."""
    tasks[:, columns.ROUND] = 0


@pytest.mark.parametrize("spoil", [taken_later, paid_otherwise, lost])
def test_a_fault_in_the_rows_is_seen(spoil: Spoil, monkeypatch: pytest.MonkeyPatch) -> None:
    """What only the stream knows of a row is not taken from elsewhere."""
    true = stream.stream

    def spoilt(plan: Any, seed: int, replication: int, asked: Any, fold: Any) -> Streamed:
        def take(items: np.ndarray, tasks: np.ndarray, ended: int) -> None:
            spoil(items, tasks)
            fold(items, tasks, ended)

        return true(plan, seed, replication, asked, take)

    monkeypatch.setattr(streaming, "stream", spoilt)
    assert streams(whole(60), 1)[1]


def weeks() -> Line:
    """A line that is long enough for its people to be seen learning."""
    line = queue(2, 60.0, 900, exponential(3000.0))
    (pool,) = line.pools
    pool = dataclasses.replace(pool, learning=Learning(exponent=0.3), utilisation_cap=0.5)
    return dataclasses.replace(line, pools=(pool,))


@pytest.mark.parametrize("field", ["busy", "queue_max", "windows", "done", "spent", "many", "load"])
def test_a_fault_beside_the_rows_is_seen(field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each table that a stream leaves decides something that is compared."""
    true = stream.stream
    job = Job(signed(weeks() if field in ("spent", "many", "load") else full(300)), 1, "fast")
    logged = one(dataclasses.replace(job, keep_log=True), 0)
    assert apart(logged, one(job, 0)) == []

    def spoilt(*given: Any) -> Streamed:
        left = true(*given)
        table = getattr(left, field)
        table[...] = np.flip(table, axis=-1) if field != "queue_max" else table + 1
        return left

    monkeypatch.setattr(streaming, "stream", spoilt)
    assert apart(logged, one(job, 0))


@pytest.mark.parametrize("field", ["account", "counting"])
def test_a_fault_in_what_is_counted_together_is_seen(field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were each pool's labels numbered by themselves, or never anew, the ledger would differ."""
    true = streaming.Asked

    def spoilt(**given: Any) -> streaming.Asked:
        table = given[field]
        given[field] = np.arange(len(table)) if field == "account" else np.zeros_like(table)
        return true(**given)

    monkeypatch.setattr(streaming, "Asked", spoilt)
    assert any("the ledger" in sentence for sentence in random_lines(60.0, 15, 6, shared_streams).different)


@pytest.mark.parametrize("many", [600, 602, 604])
def test_lots_that_are_refused_come_out_the_same(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of labels at all-units prices, of objects and of items, a share and an amount come off; and a run that forgot
    either would be seen."""
    job = Job(shared(shaky(STRICT, many)), 1, "fast")
    logged = one(dataclasses.replace(job, keep_log=True), 0)
    off = logged.ledger[logged.ledger["activity"] == "lot_credit"]
    assert set(off["unit"]) == {"lots", {600: "labels", 602: "objects", 604: "items"}[many]}
    assert (off["amount"] < 0).all()
    assert apart(logged, one(job, 0)) == []
    for table in ("lots", "refunds"):

        def forgetful(*given: Any, table: str = table) -> Spent:
            found = spent_of(*given)
            return dataclasses.replace(found, **{table: np.zeros_like(getattr(found, table))})

        monkeypatch.setattr(streaming, "spent_of", forgetful)
        assert apart(logged, one(job, 0))


def test_memory_does_not_grow_with_items(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of ten times the items, arriving as often, no more are under way, so no more places are made for them."""
    made: list[int] = []
    true = stream._streamed

    def counted(world: np.ndarray, *more: Any) -> Streamed:
        made.append(sum(int(vector_of(world, kind).size) for kind in (ITEMS, TASKS, CELLS, NODES)))
        return true(world, *more)

    monkeypatch.setattr(stream, "_streamed", counted)
    for items in (4_000, 40_000):
        one(Job(queue(4, 4000.0, items, exponential(400.0), horizon_s=20 * 7 * 86400.0), 1, "fast"), 0)
    few, many = made
    assert few < 1000
    assert many < 1.5 * few
