"""The KN procedure beside that of sim-tools, where the rivals are."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rival_python import HOW, ROOT, found
from selection.by_the_paper import Floats, draws

from labelcast.sim.selection import Rule, select

CASES, MANY = 40, 1_500


def theirs(x: Floats, delta: Floats, alpha: Floats, n0: Floats, folder: Path) -> dict[str, Any]:
    """What sim-tools finds; skips where it is not installed."""
    python = found()
    if python is None:
        pytest.skip(HOW)
    np.savez(folder / "numbers.npz", x=x, delta=delta, alpha=alpha, n0=n0)
    command = [python, ROOT / "benchmarks" / "rival_selection.py", folder / "numbers.npz"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "No module named 'sim_tools'" in done.stderr:
        pytest.skip(f"sim-tools is not among the rivals: {HOW}")
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def ours(x: Floats, rule: Rule) -> dict[str, Any]:
    """The same of ours."""
    got = select([*x], rule)
    at = {one.system: one.at for one in got.dropped}
    one_more = {got.chosen: got.stage + 1}
    return {"left": [got.chosen], "observations": [(at | one_more)[one] for one in range(len(x))]}


@pytest.mark.parametrize("k", [2, 5])
def test_kn_is_that_of_sim_tools(k: int, tmp_path: Path) -> None:
    """Of 40 cases each, correlated and not: the same system after as many observations of each, but that sim-tools
    makes one more of the chosen before it stops. Of three systems or more it looks variances up in the wrong place;
    with that line mended it is the same of any number, and as it is of two."""
    rng = np.random.default_rng(3)
    delta, alpha = rng.uniform(0.3, 1, CASES), rng.choice([0.05, 0.1], CASES)
    n0 = rng.integers(5, 15, CASES)
    x = np.array([
        draws(rng, rng.normal(0, 0.4, k).tolist(), rng.uniform(0.5, 2, k).tolist(), rng.uniform(0, 0.9), MANY)
        for _ in range(CASES)
    ])  # fmt: skip
    told = theirs(x, delta, alpha, n0, tmp_path)
    mine = [ours(x[i], Rule(float(delta[i]), 1 - float(alpha[i]), int(n0[i]), "kn")) for i in range(CASES)]
    assert told["mended"] == mine
    assert (told["as_is"] == mine) == (k == 2)
    assert max(max(one["observations"]) for one in mine) > 40
