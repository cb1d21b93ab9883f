"""A real cluster of Dask on this machine gives the values of one process, whatever dies; what cannot work is told."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, CancelledError
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import psutil
import pytest
from distributed import KilledWorker
from searched import KPIS, expected, line

from labelcast import cluster as room
from labelcast.cluster import dask_executor
from labelcast.sim.crew import Crew, Wanted
from labelcast.sim.errors import ScenarioRefused
from labelcast.sim.piece import sources
from labelcast.sim.processes import WorkerLost

pytestmark = pytest.mark.crews

SCRIPT = Path(__file__).with_name("dask_here.py")
OWN, OLDER, NONE = version("labelcast"), "0.0.9", PackageNotFoundError("labelcast")

SLOW = "reference"
"""The engine of what is to last, which needs no compiled code."""


@contextmanager
def clusters(*arguments: object) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """The process of dask_here.py, and the addresses that it prints. A task that has killed two workers is given up."""
    command = [sys.executable, str(SCRIPT), *map(str, arguments)]
    given = {**os.environ, "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=given
    ) as process:
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline().split()
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(20)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Of a cluster with two workers."""
    with clusters(2) as (_, (found,)):
        yield found


def test_values_are_those_of_replicate(address: str) -> None:
    """Through our executor and Dask's own, of several lines at once; and it is left running."""
    with dask_executor(address) as executor:
        assert executor.workers == 2
        wanted = [Wanted(line(servers), 5, range(3, 13), KPIS) for servers in (2, 3, 4)]
        with Crew(executor.workers, executor) as crew:
            found = crew.all_values(wanted)
        with Crew(executor=executor._client.get_executor()) as crew:
            again = crew.values(line(2), 5, range(3, 13), KPIS)
        assert executor.submit(abs, -3).result(20) == 3
    for one, values in zip(wanted, found, strict=True):
        np.testing.assert_array_equal(values, expected(one.line, 5, one.replications))
    np.testing.assert_array_equal(again, found[0])


def test_a_killed_worker_changes_no_number(address: str) -> None:
    """Killed in the midst of a piece: Dask gives it to another one."""
    slow = line(items=2_500)
    with dask_executor(address, engine=SLOW) as executor, Crew(2, executor, engine=SLOW) as crew:
        client = executor._client
        crew.values(line(), 1, range(4), KPIS)
        workers = client.run(os.getpid)
        victim = min(workers)

        def kill() -> None:
            while not client.processing()[victim]:
                time.sleep(0.005)
            os.kill(workers[victim], signal.SIGKILL)

        killer = threading.Thread(target=kill)
        killer.start()
        found = crew.values(slow, 5, range(1, 7), KPIS)
        killer.join(20)
        assert not killer.is_alive()
        assert workers[victim] not in client.run(os.getpid).values()
    np.testing.assert_array_equal(found, expected(slow, 5, range(1, 7), SLOW))


def test_work_that_kills_is_given_up(address: str) -> None:
    """A piece that kills whoever takes it is told as a loss, not as a fault of ours."""
    with dask_executor(address, engine=SLOW) as executor:
        with pytest.raises(BrokenExecutor, match="died again and again over one piece, most likely for want of memory"):
            executor.submit(os._exit, 3).result(60)
        with pytest.raises(ZeroDivisionError):
            executor.submit(divmod, 1, 0).result(60)


@pytest.mark.parametrize(
    "error",
    [KilledWorker("prepare", SimpleNamespace(address="tcp://w:1"), 3), CancelledError(), TimeoutError("time is up")],
)
def test_a_cluster_lost_before_work_is_told(error: Exception) -> None:
    """As when a machine has too little memory to compile."""
    told = r"The cluster at tcp://a:1 was lost before it was ready: \w.*start it again"
    with pytest.raises(WorkerLost, match=told), room._told("tcp://a:1"):
        raise error


def test_a_lost_scheduler_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    """In the midst of work, and when more is asked for after that; no traceback of Dask's is printed, and its workers
    end with it."""
    with clusters(1) as (process, (address,)):
        children = psutil.Process(process.pid).children()
        with dask_executor(address, engine=SLOW) as executor, Crew(executor.workers, executor, engine=SLOW) as crew:
            threading.Timer(0.3, process.kill).start()
            with pytest.raises(
                WorkerLost, match=rf"the connection to the scheduler at {address} was lost\. Start it again"
            ):
                crew.values(line(items=100_000), 1, range(8), KPIS)
        with Crew(1, executor, engine=SLOW) as crew, pytest.raises(WorkerLost, match="was lost"):
            crew.values(line(), 1, range(2), KPIS)
        _, alive = psutil.wait_procs(children, timeout=20)
        assert not alive
    assert "Traceback" not in capfd.readouterr().err


def test_who_cannot_work_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scheduler without workers, after a while; one whose workers have another version, with what and where."""
    about = tmp_path / f"labelcast-{OLDER}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: labelcast\nVersion: {OLDER}\n")
    monkeypatch.setattr(room, "WORKERS_S", 0.2)
    with clusters(0, tmp_path) as (_, (empty, older)):
        with pytest.raises(ScenarioRefused, match=rf"no worker for 0\.2 s\. Start .*: dask worker {empty} --nworkers"):
            dask_executor(empty).__enter__()
        with pytest.raises(ScenarioRefused, match=rf"is here, {OWN}, but there is labelcast {OLDER} at tcp://127"):
            dask_executor(older).__enter__()


class Unlike:
    """A client whose scheduler and workers have what they are told to."""

    def __init__(self, versions: dict[str, object], code: dict[str, object]) -> None:
        self.versions, self.code = versions, code

    def run(self, work: Any, *_: object, on_error: str) -> dict[str, object]:
        assert on_error == "return"
        found = self.code if work is sources else self.versions
        return {where: what for where, what in found.items() if where != "s"}

    def run_on_scheduler(self, work: Any, *_: object) -> object:
        found = (self.code if work is sources else self.versions)["s"]
        if isinstance(found, Exception):
            raise found
        return found


@pytest.mark.parametrize(
    ("versions", "code", "told"),
    [
        (
            {"s": OWN, **dict.fromkeys(("v0", "v1", "v2", "v3", "v4"), NONE), "w0": OWN, "w1": OLDER},
            {},
            f"is here, {OWN}, but there is no labelcast at v0, v1, v2 and 2 more; labelcast {OLDER} at w1. Install",
        ),
        ({"s": NONE, "w": OWN}, {}, "there is no labelcast at the scheduler. Install"),
        (
            {"s": OWN, "w": OWN, "v": OWN},
            {"s": sources(), "w": "before", "v": sources()},
            f"is here, {OWN} ({sources()}), but there is labelcast {OWN}, but other code (before) at w. Install",
        ),
    ],
)
def test_all_that_differs_is_told(versions: dict[str, object], code: dict[str, object], told: str) -> None:
    """Each kind with a few of its workers."""
    with pytest.raises(ScenarioRefused, match=re.escape(told)):
        room._check(Unlike(versions, code), "tcp://here:8786")


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "gopher://127.0.0.1:9", "nonsense"])
def test_nobody_answers(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Told with the address and what it should look like."""
    monkeypatch.setattr(room, "ANSWER_S", 0.2)
    with pytest.raises(ScenarioRefused, match=rf"--dask: .*tcp://scheduler:8786, but at '{address}' none answers"):
        dask_executor(address).__enter__()


def test_dask_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """What to install is told."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ScenarioRefused, match=r'pip install "labelcast\[cluster\]"'):
        dask_executor("tcp://127.0.0.1:8786").__enter__()


def test_dask_is_not_loaded_unless_asked_for() -> None:
    """It takes longer to import than all else."""
    code = "import sys, labelcast.cli, labelcast.cluster; print({'dask', 'distributed'} & {*sys.modules})"
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert told.stdout == "set()\n"
