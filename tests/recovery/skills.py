"""Answers to test questions by workers of known skill, at classes and questions of known difficulty."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from labelcast.calibration.classes import fit_attractor, fit_mix
from labelcast.calibration.fit import Parameter
from labelcast.calibration.skill import fit_skill

from .told import Source, Told, lot

SHARES = (0.5, 0.3, 0.2)
NAMES = ("bus", "car", "tram")


def of_classes(
    seed: int, *, effects: tuple[float, ...] = (0.0, 0.0, 0.0), hard: float = 0.0, items: int = 400, each: int = 6,
    mean: float = 1.8, spread: float = 0.5, difficulty: float = 0.6, harder: float = 4.0,
) -> pd.DataFrame:  # fmt: skip
    """Test questions of three classes (SHARES), each judged by some of 40 workers; a share of them `harder` logits
    harder, with a spread of 0.5."""
    rng = np.random.default_rng(seed)
    skill, true = rng.normal(mean, spread, 40), rng.choice(3, items, p=SHARES)
    lot = rng.random(items) < hard
    logits = np.where(lot, harder + 0.5 * rng.standard_normal(items), difficulty * rng.standard_normal(items))
    worker = np.array([rng.choice(40, each, replace=False) for _ in range(items)]).ravel()
    item = np.repeat(np.arange(items), each)
    right = rng.random(len(item)) < 1 / (1 + np.exp(logits[item] - skill[worker] - np.array(effects)[true[item]]))
    return pd.DataFrame(
        {
            "worker": [f"w{k}" for k in worker],
            "item": [f"i{k}" for k in item],
            "correct": pd.array(right, dtype="boolean"),
            "counts": True,
            "gold": np.array(NAMES)[true[item]],
        }
    )


def _by_path(table: pd.DataFrame) -> dict[str, Parameter]:
    return {one.path: one for one in fit_skill(table, "p", "s").parameters}


def _effects(rng: np.random.Generator) -> Iterator[Told]:
    """Three classes that differ. Effects are of the questions' own mix, as the profile says."""
    effects = tuple(float(one) for one in rng.normal(0.0, 0.8, 3))
    mean, spread, difficulty = float(rng.uniform(1.0, 2.0)), float(rng.uniform(0.3, 0.8)), float(rng.uniform(0.4, 1.0))
    table = of_classes(
        int(rng.integers(2**31)), effects=effects, items=int(rng.integers(150, 300)), each=int(rng.integers(4, 6)),
        mean=mean, spread=spread, difficulty=difficulty,
    )  # fmt: skip
    found = _by_path(table)
    mix = table.drop_duplicates("item")["gold"].value_counts(normalize=True)
    middle = float(sum(mix[name] * one for name, one in zip(NAMES, effects, strict=True)))
    yield Told.of("pools.skill.mean", mean + middle, found["pools.p.skill.mean"])
    yield Told.of("pools.skill.spread", spread, found["pools.p.skill.spread"])
    yield Told.of("work.difficulty.spread", difficulty, found["work.s.difficulty.spread"])
    if "pools.p.class_effects.bus" in found:
        many = [
            Told.of("pools.class_effects", one - middle, found[f"pools.p.class_effects.{name}"])
            for name, one in zip(NAMES, effects, strict=True)
        ]
        yield from lot(rng, many)


EFFECTS = Source(
    "skill by class",
    {
        "pools.skill.mean": "mean skill (1 to 2 logits), averaged over the test questions' classes; 40 workers",
        "pools.skill.spread": "sd of workers' skill (.3 to .8 logits)",
        "work.difficulty.spread": "sd of questions' difficulty (.4 to 1 logits), of 150 to 299 questions",
        "pools.class_effects": "effect of one of three classes (sd .8 logits) less the mean; one by lot, where told",
    },
    40,
    0,
    _effects,
    51,
)


def _hard(rng: np.random.Generator) -> Iterator[Told]:
    """Questions of which some are much harder."""
    hard, harder = float(rng.uniform(0.06, 0.2)), float(rng.uniform(3.5, 5.0))
    table = of_classes(
        int(rng.integers(2**31)), hard=hard, harder=harder, items=int(rng.integers(150, 300)),
        each=int(rng.integers(5, 8)), mean=float(rng.uniform(1.5, 2.2)),
        spread=float(rng.uniform(0.3, 0.6)), difficulty=float(rng.uniform(0.4, 0.7)),
    )  # fmt: skip
    found = _by_path(table)
    for name, truth in (("share", hard), ("harder", harder), ("spread", 0.5)):
        if f"work.s.difficulty.hard.{name}" in found:
            yield Told.of(f"work.difficulty.hard.{name}", truth, found[f"work.s.difficulty.hard.{name}"])


HARD = Source(
    "hard questions",
    {
        "work.difficulty.hard.share": "chance (6 to 20%) that a question is hard, where told",
        "work.difficulty.hard.harder": "how much harder (3.5 to 5 logits) the hard ones are on average",
        "work.difficulty.hard.spread": "sd of difficulty among the hard ones (.5 logits)",
    },
    40,
    0,
    _hard,
    52,
)


def _mix(rng: np.random.Generator) -> Iterator[Told]:
    """Classes of test questions, drawn by shares that are drawn themselves."""
    shares, n = rng.dirichlet(np.full(3, 2.0)), int(rng.integers(20, 500))
    gold = rng.choice(["x", "y", "z"], n, p=shares)
    table = pd.DataFrame({"item": [f"i{k}" for k in range(n)], "label": gold, "gold": gold}).astype("str")
    found = fit_mix(table.assign(golden=True, counts=True), "s").parameters
    by = {one.path[-1]: one for one in found}
    yield from lot(
        rng, [Told.of("work.classes", float(p), by[k]) for k, p in zip("xyz", shares, strict=True) if k in by]
    )


MIX = Source(
    "the mix of classes",
    {"work.classes": "chance of one of three classes (Dirichlet), of 20 to 499 test questions; one by lot"},
    1000,
    0,
    _mix,
    53,
)


def _attractor(rng: np.random.Generator) -> Iterator[Told]:
    """Wrong labels that gather; three other classes, alike before the question is known."""
    kappa, n = float(np.exp(rng.uniform(-0.5, 2.1))), int(rng.integers(100, 600))
    wrong = rng.dirichlet(np.full(3, kappa / 3), n)
    each = rng.integers(2, 6, n)
    item = np.repeat(np.arange(n), each)
    place = (rng.random(len(item))[:, None] > np.cumsum(wrong, axis=1)[item]).sum(axis=1).clip(max=2)
    table = pd.DataFrame({"item": item.astype(str), "label": np.array(["x", "y", "z"])[place], "gold": "t"})
    correct = pd.array([False] * len(table), dtype="boolean")
    found = fit_attractor(table.assign(counts=True, correct=correct), 4, "s")
    assert found is not None
    yield Told.of("work.difficulty.attractor", kappa, found)


ATTRACTOR = Source(
    "how wrong labels gather",
    {"work.difficulty.attractor": "kappa (.6 to 8) of the Dirichlet of wrong labels, of 100 to 599 questions"},
    300,
    0,
    _attractor,
    54,
)

SOURCES = (EFFECTS, HARD, MIX, ATTRACTOR)
