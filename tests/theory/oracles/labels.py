"""Labels and lots: chances of counts."""

from __future__ import annotations

from scipy import stats


def majority_right(k: int, p: float) -> float:
    """Chance that most of k labels of two classes are right, k odd, each right with chance p on its own.
    Source: Condorcet's jury theorem; the binomial distribution."""
    return float(stats.binom.sf(k // 2, k, p))


def led(p: float, lead: int, most: int) -> tuple[float, float]:
    """(chance that the right one of two labels leads by `lead` before the other does, mean number of labels), asking
    one at a time and at most `most`: a gambler's ruin of limited length; who leads at the limit wins, nobody if equal.
    `lead` labels are asked for at once. Source: Feller, An Introduction to Probability Theory 1, chapter XIV."""
    chances, won, asked = {0: 1.0}, 0.0, 0.0
    for label in range(1, most + 1):
        after: dict[int, float] = {}
        for ahead, chance in chances.items():
            after[ahead + 1] = after.get(ahead + 1, 0.0) + chance * p
            after[ahead - 1] = after.get(ahead - 1, 0.0) + chance * (1.0 - p)
        asked += sum(chances.values())
        for ahead in list(after):
            if abs(ahead) >= lead or label == most:
                chance = after.pop(ahead)
                won += chance if ahead > 0 else 0.0
        chances = after
    return won, asked


def accepted(size: int, wrong: int, sample: int, accept: int) -> float:
    """Chance that a lot of `size` with so many wrong passes a sample with at most `accept` wrong: the operating
    characteristic. Source: ISO 2859-1; the hypergeometric distribution."""
    return float(stats.hypergeom.cdf(accept, size, wrong, sample))


def accepted_in_the_long_run(sample: int, accept: int, p: float) -> float:
    """Chance that a lot of items, each wrong with chance p on its own, passes: the binomial distribution."""
    return float(stats.binom.cdf(accept, sample, p))
