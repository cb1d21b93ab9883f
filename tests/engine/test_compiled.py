"""Compiled code is kept, and never older than the code that it was compiled from; runs may share a process."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from comparison import differences
from lines import full

from labelcast.sim import kernel
from labelcast.sim.plan import Plan

ROOT = Path(__file__).parents[2]

CALL = """
import numpy as np
from labelcast.sim.service import service_ms
from labelcast.sim.quantiles import LENGTH
print(service_ms(1, 2, 3, np.full(LENGTH, 60.0), 1.0, 1))
"""
"""service.py calls quantile, in quantiles.py."""

PLACE = """
from labelcast.sim import warming
from labelcast.sim.kernel import engine
print(warming.compiled(), engine.run.stats.cache_path)
"""


KEPT = """
from pathlib import Path
from labelcast.sim.draws import subject
subject(1, 2)
folder = Path(subject.stats.cache_path)
for index in folder.glob("draws.subject-*.nbi"):
    index.unlink()
print(len(list(folder.glob("*draws.subject-*.nbc"))))
"""
"""Leaves machine code, and an index that does not know of it, as another process may."""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A folder with a copy of the package's engine rooms."""
    package = tmp_path / "labelcast"
    package.mkdir()
    (package / "__init__.py").touch()
    shutil.copytree(ROOT / "sim", package / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def told(copy: Path, code: str) -> str:
    """What a fresh process prints with the copy's package and a cache of its own."""
    around = os.environ | {"PYTHONPATH": str(copy), "NUMBA_CACHE_DIR": str(copy / "cache")}
    done = subprocess.run(
        [sys.executable, "-c", code], env=around, cwd=copy, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_an_edit_in_a_file_that_is_called_is_noticed(copy: Path) -> None:
    """A function whose own file is as it was gives what the edited function in another file says."""
    assert told(copy, CALL) == "60000"
    assert list((copy / "cache").rglob("service.service_ms*.nbi"))
    edit(copy / "labelcast" / "sim" / "quantiles.py", "return table[at] + ", "return 2.0 * table[at] + ")
    assert told(copy, CALL) == "120000"


def test_the_kernels_cache_hangs_on_every_file(copy: Path) -> None:
    """The kernel is not compiled in an empty cache, and any edit beside it takes it to another folder."""
    ready, before = told(copy, PLACE).split(maxsplit=1)
    assert ready == "False"
    edit(copy / "labelcast" / "sim" / "kernel" / "clock.py", "import annotations\n", "import annotations\n\n# edited\n")
    assert told(copy, PLACE).split(maxsplit=1)[1] != before


def test_runs_in_threads_share_nothing() -> None:
    """Logs of runs that go on at once in one process are those of runs one by one."""
    plan = Plan.of(full(200))
    alone = [kernel.run(plan, 1, replication) for replication in range(6)]
    with ThreadPoolExecutor(3) as threads:
        together = list(threads.map(lambda replication: kernel.run(plan, 1, replication), range(6)))
    assert [differences(one, other) for one, other in zip(alone, together, strict=True)] == [[]] * 6


def test_two_processes_never_write_one_file_of_machine_code(copy: Path) -> None:
    """Each finds an index that does not know of the other's code, as when both compile at once, and writes its own."""
    assert [told(copy, KEPT) for _ in range(2)] == ["1", "2"]
