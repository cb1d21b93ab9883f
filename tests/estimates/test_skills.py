"""How often labels are right in the mean, against integrals over people and items."""

from __future__ import annotations

import math

import numpy as np
import pytest
from lines import constant, queue
from scipy import integrate, stats

from labelcast.sim.estimates.skills import kinds, right_chance
from labelcast.sim.line import Hard, Line, Pool, Segment


def right(pool: Pool, segment: Segment) -> float:
    """Share of right labels of a segment that the estimates expect of a pool."""
    line: Line = queue(1, 0, 0, constant(60), segments=(segment,))
    return sum(share * right_chance([(pool, 1.0)], segment, name, d) for name, d, share in kinds(line, segment))


def normal_mean(mean: float, sd: float) -> float:
    """Mean of the logistic function over N(mean, sd), by adaptive quadrature."""

    def weighted(z: float) -> float:
        return float(stats.norm.pdf(z) / (1.0 + math.exp(-(mean + sd * z))))

    return float(integrate.quad(weighted, -12, 12, epsabs=1e-10)[0])


@pytest.mark.parametrize("hard", [Hard(), Hard(0.12, 2.5, 1.0), Hard(0.4, 1.0, 0.0)])
def test_ordinary_and_hard_items_count_by_their_share(hard: Hard) -> None:
    """Right labels of items N(0, 0.6), and of a share of hard ones N(m, t), by people N(1.5, 0.4): a mixture of two
    integrals, within 0.0005."""
    pool = Pool("team", 1, "always", skill_mean=1.5, skill_sd=0.4)
    segment = Segment("items", backlog=1, difficulty_sd=0.6, hard=hard)
    ordinary = normal_mean(1.5, np.hypot(0.4, 0.6))
    expected = (1 - hard.share) * ordinary + hard.share * normal_mean(1.5 - hard.harder, np.hypot(0.4, hard.sd))
    assert right(pool, segment) == pytest.approx(expected, abs=5e-4)
