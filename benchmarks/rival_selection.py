"""The KN procedure of sim-tools on the numbers of a file, in the rivals' own environment (`make rivals`).

    python benchmarks/rival_selection.py FILE.npz

FILE: x, float[cases, systems, observations], the larger the better; delta, alpha, n0, one a case.  Prints JSON: by case
the systems that it leaves and the observations of each system, as it is (`as_is`) and with one line mended (`mended`).

The line: sim-tools keeps the variances of differences in a flat list without the diagonal, and looks that of i and l
up at i (k - 1) + l - 1. That is right where l is after i; where it is before, the place is i (k - 1) + l. Of two
systems both are the same.
"""

from __future__ import annotations

import importlib
import json
import sys
from typing import Any

import numpy as np


class Numbers:
    """What sim-tools takes for a model: the next number of a system, told to who watches."""

    def __init__(self, x: Any) -> None:
        self.x, self.at, self.observers = x, np.zeros(len(x), np.int64), list[Any]()

    def register_observer(self, observer: Any) -> None:
        """Adds one who watches."""
        self.observers.append(observer)

    def simulate(self, design: int) -> None:
        """One more observation of a system."""
        value = float(self.x[design, self.at[design]])
        self.at[design] += 1
        for one in self.observers:
            one.feedback(self, design, value)


def mended(kind: type[Any]) -> type[Any]:
    """The procedure with the variance of the pair that it asks for."""

    class Mended(kind):  # type: ignore[misc]
        """See above."""

        def _limit_to_distance_from_sample_means(self, design_i: int, design_l: int) -> float:
            place = design_i * (self._k - 1) + design_l - (design_l > design_i)
            h2, variance = self._h_squared, self._variance_of_diffs[place]
            return max(0.0, self._delta / (2 * self._r) * (h2 * variance / self._delta**2 - self._r))

    return Mended


def main() -> None:
    """Reads the file, runs both, prints."""
    kind = importlib.import_module("sim_tools.ovs.indifference_zone").KN
    found: dict[str, list[dict[str, Any]]] = {"as_is": [], "mended": []}
    with np.load(sys.argv[1]) as arrays:
        x, delta, alpha, n0 = (arrays[name] for name in ("x", "delta", "alpha", "n0"))
    for case in range(len(x)):
        for name, which in (("as_is", kind), ("mended", mended(kind))):
            model = Numbers(x[case])
            told = which(model, x.shape[1], float(delta[case]), float(alpha[case]), int(n0[case]))
            left = [int(one) for one in told.solve()]
            found[name].append({"left": left, "observations": model.at.tolist()})
    print(json.dumps(found))


if __name__ == "__main__":
    main()
