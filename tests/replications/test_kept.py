"""Finished replications on disk: they come back as they were, and a run goes on from them as if never stopped."""

from __future__ import annotations

import io
import json
import math
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lines import constant, full, queue

from labelcast.sim import replicate as room
from labelcast.sim.engines import ENGINES
from labelcast.sim.errors import DataRefused, Refused, ScenarioRefused
from labelcast.sim.kept import Origin, read_kept, write_kept
from labelcast.sim.line import Contract, Line
from labelcast.sim.replicate import Runs, replicate
from labelcast.sim.replication import Job, One, one
from labelcast.sim.stopping import Precision

SEED, ENGINE = 3, ENGINES[0]


def line() -> Line:
    """A line whose cost and finish differ from run to run."""
    made = queue(3, 5_000.0, 12, constant(60.0))
    return replace(made, pools=tuple(replace(pool, contract=Contract(hourly=30_000_000)) for pool in made.pools))


ORIGIN = Origin.of(line(), SEED, ENGINE)


@cache
def known(number: int) -> One:
    """A replication of the line, run once."""
    return one(Job(line(), SEED, ENGINE), number)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the replications that are run."""
    numbers = list[int]()

    def noted(_: Job, number: int) -> One:
        numbers.append(number)
        return known(number)

    monkeypatch.setattr(room, "one", noted)
    return numbers


def same(a: Runs, b: Runs) -> None:
    """Asserts that runs are the same to the last bit, types and order included."""
    pd.testing.assert_frame_equal(a.kpis, b.kpis, check_exact=True)
    pd.testing.assert_frame_equal(a.ledger, b.ledger, check_exact=True)
    assert a.kpis.to_numpy().tobytes() == b.kpis.to_numpy().tobytes()
    for found, other in zip(a.curves, b.curves, strict=True):
        assert found.hours.tolist() == other.hours.tolist()
        for name in ("delivered", "worked", "trained"):
            assert getattr(found, name).tolist() == getattr(other, name).tolist()
        assert {k: v.tolist() for k, v in found.waiting.items()} == {k: v.tolist() for k, v in other.waiting.items()}
    assert (a.engine, a.reached) == (b.engine, b.reached)


def test_twenty_extended_to_fifty_are_fifty(tmp_path: Path, counted: list[int]) -> None:
    """Bit by bit, and only the thirty that lack are run; then fifty again run none, and ten are the first ten."""
    file = tmp_path / "runs.npz"
    first = replicate(line(), 20, SEED, 1, keep=file)
    assert counted == list(range(20))
    counted.clear()
    fifty = replicate(line(), 50, SEED, 1, keep=file)
    assert counted == list(range(20, 50))
    counted.clear()
    before = file.read_bytes()
    same(replicate(line(), 50, SEED, 1, keep=file), fifty)
    same(replicate(line(), 10, SEED, 1, keep=file), replicate(line(), 10, SEED, 1))
    assert counted == list(range(10))
    assert file.read_bytes() == before
    same(replicate(line(), 50, SEED, 1), fifty)
    pd.testing.assert_frame_equal(first.kpis, fifty.kpis.iloc[:20], check_exact=True)
    assert list(tmp_path.iterdir()) == [file]


def test_true_replications_in_processes_are_extended(tmp_path: Path) -> None:
    """The whole way on a line with every kind of stage, three in this process and two more in others, against five."""
    made, file = full(4), tmp_path / "runs.npz"
    pools = tuple(replace(pool, contract=Contract(hourly=31_000_000)) for pool in made.pools)
    made = replace(made, pools=pools)
    replicate(made, 3, 5, 1, keep=file)
    same(replicate(made, 5, 5, 2, keep=file), replicate(made, 5, 5, 1))
    assert len(read_kept(file, Origin.of(made, 5, ENGINE))) == 5


@given(st.lists(st.integers(1, 45), min_size=1, max_size=5), st.booleans())
@settings(deadline=None, derandomize=True, max_examples=25)
def test_no_split_changes_a_number(stops: list[int], precisely: bool) -> None:
    """However a run was stopped and extended, what comes of it, and the file, are those of one run; and by a precision
    it ends where it would have ended."""
    original = room.one
    room.one = lambda _, number: known(number)
    try:
        with tempfile.TemporaryDirectory() as folder:
            file, whole = Path(folder) / "runs", Path(folder) / "whole"
            for stop in stops:
                replicate(line(), stop, SEED, 1, keep=file)
            wanted = Precision(0.1, most=45) if precisely else 45
            same(replicate(line(), wanted, SEED, 1, keep=file), replicate(line(), wanted, SEED, 1))
            replicate(line(), 45, SEED, 1, keep=file)
            replicate(line(), 45, SEED, 1, keep=whole)
            assert file.read_bytes() == whole.read_bytes()
    finally:
        room.one = original


def equal(a: One, b: One) -> None:
    assert np.array(list(a.kpis.values())).tobytes() == np.array(list(b.kpis.values())).tobytes()
    assert list(a.kpis) == list(b.kpis)
    pd.testing.assert_frame_equal(a.ledger, b.ledger, check_exact=True)
    assert a.curves.hours.tolist() == b.curves.hours.tolist()
    for name in ("delivered", "worked", "trained"):
        assert getattr(a.curves, name).tolist() == getattr(b.curves, name).tolist()
    assert {k: v.tolist() for k, v in a.curves.waiting.items()} == {k: v.tolist() for k, v in b.curves.waiting.items()}
    assert a.engine == b.engine


def test_each_replication_comes_back(tmp_path: Path) -> None:
    """Infinities, what is withheld, ledgers without rows, curves of one point and thinned ones."""
    base = known(0)
    hour = np.arange(1)
    waiting = dict.fromkeys(base.curves.waiting, hour)
    single = replace(base.curves, hours=hour, delivered=hour + 3, waiting=waiting, worked=hour + 7, trained=hour + 1)
    thinned = replace(base.curves, hours=base.curves.hours * 4)
    ones = [
        base,
        replace(base, kpis=base.kpis | {"cost": math.inf, "accuracy": math.nan}),
        replace(base, ledger=base.ledger.iloc[:0]),
        replace(base, curves=single),
        replace(base, curves=thinned),
        known(1),
    ]
    write_kept(tmp_path / "runs", ORIGIN, ones)
    for found, other in zip(read_kept(tmp_path / "runs", ORIGIN), ones, strict=True):
        equal(found, other)
    write_kept(tmp_path / "none", ORIGIN, [ones[2]])
    equal(read_kept(tmp_path / "none", ORIGIN)[0], ones[2])
    assert read_kept(tmp_path / "absent", ORIGIN) == []


def test_equal_replications_give_equal_bytes(tmp_path: Path) -> None:
    """At other times and places too."""
    write_kept(tmp_path / "one", ORIGIN, [known(0), known(1)])
    time.sleep(2.1)  # dates in a zip have steps of two seconds
    write_kept(tmp_path / "elsewhere" / "two", ORIGIN, [known(0), known(1)])
    assert (tmp_path / "one").read_bytes() == (tmp_path / "elsewhere" / "two").read_bytes()


@pytest.mark.parametrize("stop", [KeyboardInterrupt, ValueError])
def test_what_is_finished_is_kept(
    tmp_path: Path, counted: list[int], monkeypatch: pytest.MonkeyPatch, stop: type[BaseException]
) -> None:
    """Ctrl-C, or a fault, in the middle of the fourteenth: thirteen are kept, and the run goes on from there."""
    file, noted = tmp_path / "runs", room.one

    def breaks(job: Job, number: int) -> One:
        if number == 13:
            raise stop
        return noted(job, number)

    monkeypatch.setattr(room, "one", breaks)
    with pytest.raises(stop):
        replicate(line(), 20, SEED, 1, keep=file)
    assert len(read_kept(file, ORIGIN)) == 13
    monkeypatch.setattr(room, "one", noted)
    counted.clear()
    same(replicate(line(), 20, SEED, 1, keep=file), replicate(line(), 20, SEED, 1))
    assert counted[:7] == list(range(13, 20))
    assert list(tmp_path.iterdir()) == [file]


def test_a_batch_is_kept_before_the_next_is_done(tmp_path: Path, counted: list[int]) -> None:
    """So that nothing of it is lost when the power goes: whoever looks at the 15th finds ten."""
    file, seen = tmp_path / "runs", dict[int, int]()
    replicate(line(), 20, SEED, 1, None, lambda done, _: seen.update({done: len(read_kept(file, ORIGIN))}), keep=file)
    assert (seen[9], seen[15], seen[19]) == (0, 10, 10)


def test_writing_takes_a_tenth_of_the_time_at_most(
    tmp_path: Path, counted: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch takes 20 seconds here, and a write 5: after the first one, every 60 seconds, and at the end."""
    now, writes = [0.0], list[int]()

    def slow(path: Path, origin: Origin, ones: list[One]) -> None:
        now[0] += 5.0
        writes.append(len(ones))

    class Clock:
        @staticmethod
        def perf_counter() -> float:
            return now[0]

    def tick(done: int, _: int) -> None:
        now[0] += 2.0

    monkeypatch.setattr(room, "write_kept", slow)
    monkeypatch.setattr(room, "time", Clock)
    replicate(line(), 75, SEED, 1, None, tick, keep=tmp_path / "runs")
    assert writes == [10, 40, 70, 75]


@pytest.mark.parametrize(
    ("origin", "told"),
    [
        (replace(ORIGIN, seed=4), r"have seed 3, not 4\. .* or --seed 3"),
        (replace(ORIGIN, digest="0" * 64), r"of another scenario \(digest [0-9a-f]{12}, not 000000000000\)\. Name"),
        (replace(ORIGIN, engine="other"), f"by the engine {ENGINE}, not other.*--engine {ENGINE}"),
        (replace(ORIGIN, version="9.9"), r"by labelcast .*, and this is 9\.9, whose numbers may differ"),
    ],
)
def test_replications_of_something_else_are_refused(tmp_path: Path, origin: Origin, told: str) -> None:
    """Another line, seed, engine or version: told which, and how to mend it."""
    write_kept(tmp_path / "runs", ORIGIN, [known(0)])
    with pytest.raises(ScenarioRefused, match=told) as refused:
        read_kept(tmp_path / "runs", origin)
    assert len(refused.value.problems) == 1
    assert str(tmp_path / "runs") in refused.value.problems[0]


def test_all_differences_are_told_at_once(tmp_path: Path) -> None:
    """And the file stays as it was."""
    file = tmp_path / "runs"
    write_kept(file, ORIGIN, [known(0)])
    before = file.read_bytes()
    with pytest.raises(ScenarioRefused) as refused:
        replicate(replace(line(), name="another"), 20, 4, 1, keep=file)
    assert len(refused.value.problems) == 2
    assert file.read_bytes() == before


def rewritten(file: Path, change: Callable[[dict[str, bytes]], object]) -> None:
    """Writes a zip anew with other contents."""
    with zipfile.ZipFile(file) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    change(parts)
    with zipfile.ZipFile(file, "w") as new:
        for name, data in parts.items():
            new.writestr(name, data)


def about(**changes: Any) -> Callable[[Path], object]:
    def change(parts: dict[str, bytes]) -> None:
        parts["about.json"] = json.dumps(json.loads(parts["about.json"]) | changes).encode()

    return lambda file: rewritten(file, change)


def array(name: str, change: Callable[[Any], Any]) -> Callable[[Path], object]:
    def changed(parts: dict[str, bytes]) -> None:
        data = io.BytesIO()
        np.save(data, change(np.load(io.BytesIO(parts[f"{name}.npy"]))))
        parts[f"{name}.npy"] = data.getvalue()

    return lambda file: rewritten(file, changed)


NO_ZIP, WRONG = "it is no zip, or only a part of one", "it lacks something or has it wrong"

DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "empty": (lambda file: file.write_bytes(b""), NO_ZIP),
    "text": (lambda file: file.write_text("a,b\n1,2\n"), NO_ZIP),
    "truncated": (lambda file: file.write_bytes(file.read_bytes()[:-100]), NO_ZIP),
    "a foreign zip": (lambda file: rewritten(file, dict.clear), WRONG),
    "another layout": (about(labelcast=9), "its layout is version 9; this labelcast reads version 7"),
    "metadata of another shape": (lambda file: rewritten(file, lambda p: p.update({"about.json": b"[1]"})), WRONG),
    "no JSON": (lambda file: rewritten(file, lambda p: p.update({"about.json": b"\xff"})), WRONG),
    "an unknown field": (about(origin={"mood": 1}), WRONG),
    "a part missing": (lambda file: rewritten(file, lambda p: p.pop("step.npy")), "step.npy"),
    "a part that is no array": (lambda file: rewritten(file, lambda p: p.update({"step.npy": b"x"})), WRONG),
    "a KPI too many": (about(kpis=["cost"]), "the lengths of its parts do not agree"),
    "a stage too many": (about(stages=["a", "b", "c"]), "the lengths of its parts do not agree"),
    "words too few": (about(words=["h"]), "the lengths of its parts do not agree"),
    "a ledger too short": (array("rows", lambda x: x - 1), "the lengths of its parts do not agree"),
    "a curve too long": (array("points", lambda x: x + 1), "the lengths of its parts do not agree"),
    "a step of nothing": (array("step", lambda x: x * 0), "the lengths of its parts do not agree"),
    "numbers of another type": (array("kpis", lambda x: x.astype(np.float32)), "kpis is 2-dimensional of float32"),
    "no replication": (array("kpis", lambda x: x[:0]), "the lengths of its parts do not agree"),
    "objects": (array("amount", lambda x: x.astype(object)), WRONG),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_what_is_no_such_file(tmp_path: Path, name: str) -> None:
    """A foreign or damaged file is refused with its name, the reason and what to do, and left as it is."""
    file = tmp_path / "runs"
    write_kept(file, ORIGIN, [known(0), known(1)])
    damage, expected = DAMAGE[name]
    damage(file)
    before = file.read_bytes()
    with pytest.raises(DataRefused) as refused:
        replicate(line(), 3, SEED, 1, keep=file)
    (told,) = refused.value.problems
    assert told.startswith(f"{file}: not a file of replications that labelcast can read: ")
    assert expected in told
    assert told.endswith("Name another file with --keep, or delete this one to begin anew.")
    assert file.read_bytes() == before


@given(st.data())
@settings(deadline=None, derandomize=True, max_examples=300)
def test_no_damage_passes(data: st.DataObject) -> None:
    """A byte changed anywhere, or a piece cut out: the file is refused, or says what it said before."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "runs"
        write_kept(file, ORIGIN, [known(0), known(1)])
        content = bytearray(file.read_bytes())
        at = data.draw(st.integers(0, len(content) - 1))
        if data.draw(st.booleans()):
            content[at] ^= data.draw(st.integers(1, 255))
        else:
            del content[at : at + data.draw(st.integers(1, 400))]
        file.write_bytes(content)
        try:
            found = read_kept(file, ORIGIN)
        except Refused:
            return
        assert len(found) == 2
        for number, each in enumerate(found):
            equal(each, known(number))
