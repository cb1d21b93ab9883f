"""A profile's parameters drawn from their intervals: what a fit does not know, as one of the lines that may be true.

Each parameter is a split normal on the scale of its interval (log odds of a share, logarithm of what is positive, else
plain): its value is the median, its ends are the quantiles 2.5% and 97.5%. Errors that the profile says hang together
are drawn together. Source of the idea: second-order Monte Carlo, as in Law, Simulation modeling and analysis, 5th ed.,
section 6.2, and Barton, Nelson, Xie, Quantifying input uncertainty via simulation confidence intervals, INFORMS Journal
on Computing 26 (2014) 74-87.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import abc
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import special

from ..calibration.block import percentages
from . import units
from .lookup import sub, text_at
from .nodes import Listing, Mapping, Node, Scalar

Z = 1.959963984540054
"""Standard deviations from the middle of a 95% interval to its end."""

FARTHEST = 4.0
"""Standard deviations beyond which nothing is drawn: so far no interval says anything."""

PLANNED = ("headcount", "labels_per_item")
"""Keys that are somebody's plan, whatever the log tells of them: they are never drawn."""

WHOLES = ("classes", "pools", "done")
"""Keys of tables whose percentages are the parts of a whole."""

RISING = 1e-6
"""By what share a quantile lies above the one before at least."""

_TEXT = re.compile(rf"\s*({units.NUMBER})(.*)", re.ASCII | re.DOTALL)
_QUANTILE = re.compile(r"(.+\.quantiles)\.p([0-9.]+)")


@dataclass(frozen=True)
class Draw:
    """One draw of everything that is not known. number: of the replication that it is for.  attempt: of how many were
    no line before.  of: so many draws, numbered from 0, that lie evenly over each variable, one in each part of equal
    chance (a Latin hypercube); 0 for draws that know of no other.
    Source: McKay, Beckman, Conover, Technometrics 21 (1979) 239-245.
    """

    seed: int
    number: int
    attempt: int = 0
    of: int = 0

    def normal(self, name: str) -> float:
        """A standard normal deviate, which hangs on this draw and the name alone."""
        rng = _generator(f"{self.seed} {self.number} {self.attempt} {name}")
        if self.of and not self.attempt:
            part = _order(self.seed, self.of, name)[self.number] + rng.random()
            found = float(special.ndtri(part / self.of))
        else:
            found = float(rng.standard_normal())
        return min(max(found, -FARTHEST), FARTHEST)


def _generator(key: str) -> np.random.Generator:
    digest = hashlib.blake2b(key.encode(), digest_size=16).digest()
    return np.random.Generator(np.random.Philox(key=np.frombuffer(digest, np.uint64)))


@lru_cache(maxsize=256)
def _order(seed: int, of: int, name: str) -> npt.NDArray[np.int64]:
    """Which part of a variable each draw is in."""
    return _generator(f"{seed} order {of} {name}").permutation(of)


@dataclass(frozen=True, eq=False)
class Shift:
    """What is not known, with some of it moved. deviates: by variable, standard deviations from the middle; all others
    stay at their values, whatever hangs together."""

    deviates: abc.Mapping[str, float]

    def normal(self, name: str) -> float:
        """By how many standard deviations a variable is moved."""
        return self.deviates.get(name, 0.0)


@dataclass(frozen=True)
class Fitted:
    """A fitted number that a profile's block holds as text. low, high: its 95% interval."""

    path: str
    value: float
    low: float
    high: float
    unit: str

    @property
    def variable(self) -> str:
        """What is drawn for it: quantiles of one curve err alike, and are drawn as one."""
        match = _QUANTILE.fullmatch(self.path)
        return match[1] if match else self.path

    def at(self, deviate: float) -> float:
        """Its value so many standard deviations from the middle."""
        low, value, high = min(self.low, self.value), self.value, max(self.high, self.value)
        share = self.unit == "share" or self.path.rpartition(".")[2] == "share"
        if share and low > 0 and high < 1:
            return 1 / (1 + math.exp(-_split(_odds(low), _odds(value), _odds(high), deviate)))
        if share:
            return min(max(_split(low, value, high, deviate), 0.0), 1.0)
        if self.unit == "logit" and not self.path.endswith(".spread"):
            return _split(low, value, high, deviate)
        if low > 0:
            return math.exp(_split(math.log(low), math.log(value), math.log(high), deviate))
        return max(_split(low, value, high, deviate), 0.0)


def _odds(share: float) -> float:
    return math.log(share / (1 - share))


def _split(low: float, value: float, high: float, deviate: float) -> float:
    return value + deviate / Z * (high - value if deviate >= 0 else value - low)


def fitted_of(tree: Mapping, block: Mapping) -> tuple[list[Fitted], list[str]]:
    """What of a profile can be drawn, and the paths of what cannot, as it has no interval; both of numbers that its
    block holds and that are no plan.

    tree: the whole profile.  block: its `scenario:`.
    """
    found: list[Fitted] = []
    bare: list[str] = []
    listing = tree.entries.get("fitted")
    for entry in listing.items if isinstance(listing, Listing) else []:
        path = text_at(sub(entry, "path")) or ""
        value, low, high = (_float(text_at(sub(entry, key))) for key in ("value", "low", "high"))
        text = text_at(sub(block, *path.split(".")))
        if value is None or text is None or not _TEXT.fullmatch(text) or path.rpartition(".")[2] in PLANNED:
            continue
        if low is None or high is None or not low <= high:
            bare.append(path)
        elif low < high:
            found.append(Fitted(path, value, low, high, text_at(sub(entry, "unit")) or ""))
    return found, bare


def _float(text: str | None) -> float | None:
    try:
        found = float(text) if text is not None else math.nan
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def drawn(tree: Mapping, block: Mapping, draw: Draw | Shift) -> Mapping:
    """The block of a profile with another number wherever the fit told an interval; with what is moved, just there."""
    found, _ = fitted_of(tree, block)
    at = deviates(tree, block, draw)
    values = {one.path: one.at(at[one.variable]) for one in found if isinstance(draw, Draw) or at[one.variable] != 0}
    values |= _rising(values)
    for path, value in values.items():
        block = _put(block, path.split("."), value)
    for parent in dict.fromkeys(path.rpartition(".")[0] for path in values):
        if parent.rpartition(".")[2] in WHOLES:
            block = _to_whole(block, parent.split("."))
    return block


def deviates(tree: Mapping, block: Mapping, draw: Draw | Shift) -> dict[str, float]:
    """By how many standard deviations each variable of a profile is off its value in a draw."""
    variables = list(dict.fromkeys(one.variable for one in fitted_of(tree, block)[0]))
    if isinstance(draw, Shift):
        return {name: draw.normal(name) for name in variables}
    data = text_at(sub(tree, "provenance", "digest")) or ""
    alone = np.array([draw.normal(f"{data} {name}") for name in variables])
    together = _root(_correlations(tree, variables)) @ alone
    return dict(zip(variables, together.tolist(), strict=True))


def _correlations(tree: Mapping, variables: Sequence[str]) -> npt.NDArray[np.float64]:
    """float64[k, k] as the profile tells; of a curve the mean of its quantiles'."""
    place = {name: at for at, name in enumerate(variables)}
    sums, counts = np.zeros((len(place), len(place))), np.zeros((len(place), len(place)))
    listing = tree.entries.get("together")
    for entry in listing.items if isinstance(listing, Listing) else []:
        names = [text_at(sub(entry, key)) or "" for key in ("first", "second")]
        i, j = (place.get(match[1] if (match := _QUANTILE.fullmatch(name)) else name) for name in names)
        value = _float(text_at(sub(entry, "correlation")))
        if i is not None and j is not None and i != j and value is not None:
            for one in ((i, j), (j, i)):
                sums[one] += min(max(value, -1.0), 1.0)
                counts[one] += 1
    return np.divide(sums, counts, out=np.eye(len(place)), where=counts > 0)


def _root(correlations: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The symmetric root of the nearest correlations that can be: told pair by pair, they need not fit together."""
    values, vectors = np.linalg.eigh(correlations)
    root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    return np.asarray(root / np.sqrt((root**2).sum(axis=1, keepdims=True)))


def _rising(values: dict[str, float]) -> dict[str, float]:
    """Quantiles of each curve, rising."""
    curves: dict[str, list[tuple[float, str]]] = {}
    for path in values:
        if match := _QUANTILE.fullmatch(path):
            curves.setdefault(match[1], []).append((float(match[2]), path))
    found = {}
    for knots in curves.values():
        before = 0.0
        for _, path in sorted(knots):
            before = found[path] = max(values[path], before * (1 + RISING))
    return found


def _put(block: Mapping, steps: Sequence[str], value: float) -> Mapping:
    """The block with another number in a text, its unit as it was."""
    node = block.entries[steps[0]]
    new: Node
    if len(steps) > 1:
        assert isinstance(node, Mapping)
        new = _put(node, steps[1:], value)
    else:
        assert isinstance(node, Scalar)
        match = _TEXT.fullmatch(node.text)
        assert match
        percent = match[2].strip() == "%"
        new = Scalar(node.mark, f"{100 * value if percent else value:.9g}{match[2]}")
    return Mapping(block.mark, {**block.entries, steps[0]: new}, block.keys)


def _to_whole(block: Mapping, steps: Sequence[str]) -> Mapping:
    """The block with the percentages at a key made to sum to 100%, where they are the parts of a whole."""
    node = block.entries.get(steps[0])
    if not isinstance(node, Mapping):
        return block
    new = _to_whole(node, steps[1:]) if len(steps) > 1 else _parts(node)
    return Mapping(block.mark, {**block.entries, steps[0]: new}, block.keys)


def _parts(node: Mapping) -> Mapping:
    texts = {name: text_at(one) or "" for name, one in node.entries.items()}
    if not texts or not all(text.endswith("%") for text in texts.values()):
        return node
    shares = {name: float(text.rstrip("%")) for name, text in texts.items()}
    whole = percentages({name: share / sum(shares.values()) for name, share in shares.items()})
    return Mapping(node.mark, {name: Scalar(node.entries[name].mark, whole[name]) for name in texts}, node.keys)
