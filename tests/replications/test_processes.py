"""Processes end when they should, and results do not pile up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from pieces import large, noted

from labelcast.sim.curves import Curves
from labelcast.sim.processes import in_order
from labelcast.sim.replication import MOST_HOURS, aligned, every, step_of

SCRIPT = Path(__file__).with_name("slow_work.py")


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{process}/stat")  # a zombie that nobody has buried is not alive
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"


def until(true: object, seconds: float = 20.0) -> bool:
    """Waits until a condition holds; whether it came to hold."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():  # type: ignore[operator]
            return True
        time.sleep(0.01)
    return False


@pytest.mark.skipif(sys.platform == "win32", reason="signals between processes are another matter there")
@pytest.mark.parametrize("at", ["importing", "working"])
@pytest.mark.parametrize(("end", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_no_process_outlives_its_parent(tmp_path: Path, at: str, end: signal.Signals, code: int) -> None:
    """Interrupted or killed while its processes start, or in the middle of work that would take a minute, the parent
    ends at once and its processes with it; of Ctrl-C they print no traceback."""
    noted = {name: tmp_path / name for name in ("importing", "working")}
    for path in noted.values():
        path.touch()
    command = [sys.executable, str(SCRIPT), *map(str, noted.values())]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as parent:
        assert until(lambda: len(noted[at].read_text().split()) == 2)
        if end == signal.SIGINT:
            os.killpg(parent.pid, end)  # what Ctrl-C on a terminal does
        else:
            parent.send_signal(end)
        assert parent.wait(20) == code
        children = [int(line) for line in noted["importing"].read_text().split()]
        assert until(lambda: not any(map(alive, children)))
        assert parent.stderr is not None
        told = parent.stderr.read()
    if end == signal.SIGINT:
        assert "Traceback" not in told


def test_results_do_not_pile_up(tmp_path: Path) -> None:
    """While nobody takes results, no more than two a process are worked on."""
    results = in_order(noted, tmp_path, 30, 2)
    assert next(results) == 0
    time.sleep(1.0)
    assert len(list(tmp_path.iterdir())) <= 5
    assert list(results) == list(range(1, 30))


def test_no_result_is_broken_off() -> None:
    """Who stops taking results while large ones are on their way is not kept waiting for the rest of one: processes end
    in the midst of their work, but not of a result."""
    for _ in range(3):
        results = in_order(large, 30_000_000, 40, 2)
        assert len(next(results)) == 30_000_000
        closing = threading.Thread(target=results.close, daemon=True)
        closing.start()
        closing.join(60.0)
        assert not closing.is_alive()


def every_hour(hours: int) -> Curves:
    """A run of so many hours that delivers an item an hour, and has as many waiting as are not yet delivered."""
    hour = np.arange(hours + 1)
    return Curves(hour, hour.copy(), {"annotate": hours - hour}, 7 * hour, 3 * hour)


@pytest.mark.parametrize("longest", [1, 2, MOST_HOURS - 1, MOST_HOURS, 2 * MOST_HOURS + 1, 9 * MOST_HOURS])
def test_long_curves_are_thinned_alike(longest: int) -> None:
    """Curves of any lengths come to stand on one grid of few enough hours, are true at each of them, and keep their
    last state after their end."""
    lengths = [0, 1, longest // 7, longest // 2 + 1, longest]
    made = []
    for hours in lengths:
        step = step_of(hours)
        made.append(every(every_hour(-(-hours // step) * step), step))
    for curve, hours in zip(aligned(made), lengths, strict=True):
        end = -(-hours // step_of(hours)) * step_of(hours)
        assert curve.hours.size == curve.delivered.size <= MOST_HOURS
        assert np.array_equal(curve.hours, np.arange(curve.hours.size) * step_of(longest))
        assert curve.hours[-1] >= longest
        assert np.array_equal(curve.delivered, np.minimum(curve.hours, end))
        assert np.array_equal(curve.waiting["annotate"], np.maximum(end - curve.hours, 0))
        assert np.array_equal(curve.worked, 7 * curve.delivered)
        assert np.array_equal(curve.trained, 3 * curve.delivered)


UNGUARDED = """from operator import mul

from labelcast.sim.processes import in_order

print(list(in_order(mul, 3, 5, 2)))
"""

OWN = """from labelcast.sim.processes import in_order


def work(job, number):
    return job * number


if __name__ == "__main__":
    print(list(in_order(work, 3, 5, 2)))
"""


@pytest.mark.parametrize("text", [UNGUARDED, OWN])
def test_processes_do_not_run_the_script_that_starts_them(text: str, tmp_path: Path) -> None:
    """An analysis without a guard would start itself again in each; one whose work is a function of its own has it."""
    script = tmp_path / "analysis.py"
    script.write_text(text)
    done = subprocess.run([sys.executable, script], check=True, capture_output=True, text=True, timeout=120)
    assert done.stdout == "[0, 3, 6, 9, 12]\n"
