"""What the proof of label quality says, as a page: docs/quality.md and its plot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import agreement
import matplotlib as mpl
import numpy as np
import workers
from foretold import DIVISIONS, DRAWS, NEW_MODEL, errors, mae, worst
from matplotlib.figure import Figure
from page import table
from plot import OURS, RIVAL

from labelcast.calibration.workers.heldout import FACTS, HeldOut

Found = Mapping[str, Mapping[str, HeldOut]]

ROUNDS = 25
"""Of both, where neither is left to its own rule when to stop."""

SIZES = (100_000, 1_000_000)
SHOWN = ("k1", "k3", "k5", "alpha", "icc")
TITLES = {"ours": "labelcast", "independent": "independent errors", "hierarchical": "Dawid-Skene, hierarchical"}

GOALS = {
    "k3_mae": ("majority of 3, mean error, points", "at most 1.0"),
    "k5_mae": ("majority of 5, mean error, points", "at most 1.0"),
    "k5_max": ("majority of 5, greatest error of a set, points", "at most 2.0"),
    "alpha_mae": ("nominal alpha, mean error", "at most 0.03"),
    "icc_mae": ("intraclass correlation of errors, mean error", "at most 0.03"),
    "k5_mae_independent": ("majority of 5, were errors independent, points", ""),
    "new_worker_k3_within_3": ("new workers: sets of four with k=3 within 3 points", "at least 3"),
    "ratio_crowdkit_ds_100k": ("Dawid-Skene, 100,000 labels: crowd-kit's CPU time by ours", "at least 15"),
    "ratio_krippendorff_1m": ("alpha, 1,000,000 labels: `krippendorff`'s CPU time by ours", "at least 50"),
}

HEAD = """# Label quality

Written by `make prove` (`python benchmarks/quality.py`); do not edit. {machine}

{goals}

![Majority accuracy, foretold and as it is](images/quality.svg)

## Labels held out

Items of known truth are halved, {divisions} times; the model is fitted to one half, and labels of the same workers at
the items of the other half are drawn from it {draws} times; both ways, so six halves a set. Error: predicted less
actual, the mean of the halves; accuracies in points. `k3`: accuracy of the majority of three labels, over all subsets
of three, ties by lot.
`icc`: intraclass correlation of errors. Independent errors: the same model without difficulty and attractor.
Hierarchical Dawid-Skene (`benchmarks/hierarchical.py`) knows the truths of its half too.
"""

NEW = """
## New workers at new items

Workers are halved as well, and the half held out has none that the model has seen; each is taken to be like one of the
same rank by workload. A few heavy workers make such a half noisy, hence {divisions} divisions, and the standard error
(s.e.) over them. Points. Which four sets the goal above counts is our choice: the first four.
"""

SAME = f"""
## Dawid-Skene beside crowd-kit

Share of items answered right, no truth being told: each left to its own rule when to stop, and both for {ROUNDS} rounds
([decision 083](decisions/083-dawid-skene-beside-crowd-kit.md) says why they stop elsewhere).
"""

FAST = """
## Speed

One run each in a process of its own, same labels in one run (`benchmarks/workers.py`: 10 classes, 10 labels an item).
`all`: from columns of names to answers. `fit`: without the coding of names and the sorting by items, which crowd-kit
does within its fit. Memory: the most that the process held, its libraries included; `grown`: beyond what it held
before.
"""

ALPHA = """
Alpha of a million labels by 1,000 workers (`benchmarks/agreement.py`). `alpha`: counting and alpha. `every`: all
measures that need no workers, with intervals. `reliability`: `krippendorff` on the matrix of workers and items, as its
documentation begins. `counts`: `krippendorff` on counts that NumPy made.
"""


@dataclass(frozen=True)
class Speed:
    """same: by set, (own rule, ROUNDS) of ours and crowd-kit's.  fits: by labels, figures of both and ratios.
    alphas, alpha_ratios: of agreement."""

    same: dict[str, tuple[dict[str, Any], dict[str, Any]]]
    fits: dict[int, dict[str, Any]]
    alphas: dict[str, dict[str, float]]
    alpha_ratios: dict[str, float]

    @classmethod
    def measured(cls, gold: Path) -> Speed:
        """All of it; the rivals must be there."""
        fits = {}
        for rows in SIZES:
            both = workers.both("dawid_skene", workers.synthetic(rows))
            fits[rows] = {**both, **workers.ratios(both)}
        alphas = agreement.measured(1_000_000)
        same = {}
        for name in workers.GOLD:
            labels = workers.real(gold / f"{name}.parquet")
            same[name] = (workers.both("dawid_skene", labels), workers.both("dawid_skene", labels, ROUNDS))
        return cls(same, fits, alphas, agreement.ratios(alphas))


def write(proved: str, told: Mapping[str, float | None], found: Found, speed: Speed, docs: Path) -> None:
    """Writes docs/quality.md and docs/images/quality.svg. proved: machine and commit, from before it was measured.
    told: figures by the names of GOALS.  found: by model and set."""
    sections = [
        HEAD.format(machine=proved, goals=_goals(told, speed), divisions=DIVISIONS, draws=DRAWS),
        _errors(found),
        "\nEach set: the mean of the halves as they are, then the error of labelcast and, in brackets, of independent "
        "errors.\n",
        _sets(found),
        NEW.format(divisions=len(next(iter(found[NEW_MODEL].values())).actual) // 2),
        _new(found[NEW_MODEL]),
        SAME,
        _same(speed),
        FAST,
        _fits(speed),
        ALPHA,
        _alphas(speed),
    ]
    (docs / "quality.md").write_text("\n".join(sections) + "\n", encoding="utf-8")
    plot(found, docs / "images" / "quality.svg")


def _goals(told: Mapping[str, float | None], speed: Speed) -> str:
    large, of = speed.fits[SIZES[-1]], "Dawid-Skene, 1,000,000 labels:"
    rows = [(f"{what} (`{name}`)", goal, f"{told[name]:.3g}") for name, (what, goal) in GOALS.items()]
    rows += [
        (
            "Dawid-Skene, 1,000,000 labels: CPU time, with the coding of names",
            "at least 30",
            f"{large['ratio_cpu']:.3g}",
        ),
        (f"{of} CPU time of the fit alone", "", f"{large['ratio_fit_cpu']:.3g}"),
        (f"{of} our peak memory by crowd-kit's", "below 0.5", f"{large['ratio_peak']:.2f}"),
    ]
    small = speed.fits[SIZES[0]]
    rows += [
        ("Dawid-Skene, 100,000 labels: our peak memory by crowd-kit's", "below 0.5", f"{small['ratio_peak']:.2f}"),
        ("the same beyond what libraries and labels held before", "", f"{small['ratio_grown']:.2f}"),
    ]
    return table(("What", "Asked", "Found"), rows)


def _errors(found: Found) -> str:
    rows = [
        (title, *(f"{mae(found[model], fact):.3f} ({worst(found[model], fact):.3f})" for fact in SHOWN))
        for model, title in TITLES.items()
    ]
    return table(("Mean absolute error of nine sets (greatest)", *SHOWN), rows)


def _sets(found: Found) -> str:
    rows = []
    for place, (name, one) in enumerate(found["ours"].items()):
        cells = []
        for fact in SHOWN:
            unit = 100 if fact.startswith("k") else 1
            actual = unit * float(one.actual[:, FACTS.index(fact)].mean())
            ours, other = (errors(found[model], fact)[place] for model in ("ours", "independent"))
            digits = 1 if unit == 100 else 3
            cells.append(f"{actual:.{digits}f}: {ours:+.{digits + 1}f} ({other:+.{digits + 1}f})")
        rows.append((name, *cells))
    return table(("Set", *SHOWN), rows)


def _new(found: Mapping[str, HeldOut]) -> str:
    """A set of which some half has no item with three labels has no figures."""
    k3 = FACTS.index("k3")
    rows = [
        (
            name,
            f"{100 * one.actual[:, k3].mean():.1f}",
            f"{100 * one.predicted[:, k3].mean():.1f}",
            f"{100 * one.error[k3]:+.2f}",
            f"{100 * one.standard_error[k3]:.2f}",
        )
        if np.isfinite(one.error[k3])
        else (name, "too few labels", "", "", "")
        for name, one in found.items()
    ]
    return table(("Set", "k3 as it is", "foretold", "Error", "s.e."), rows)


def _same(speed: Speed) -> str:
    rows = []
    for name, runs in speed.same.items():
        each = [f"{one[engine]['accuracy']:.4f}" for one in runs for engine in ("labelcast", "crowdkit")]
        rows.append((name, *each))
    head = ("Set", "labelcast", "crowd-kit", f"labelcast, {ROUNDS} rounds", f"crowd-kit, {ROUNDS} rounds")
    return table(head, rows)


def _fits(speed: Speed) -> str:
    rows = []
    for labels, one in speed.fits.items():
        for engine, title in (("labelcast", "labelcast"), ("crowdkit", "crowd-kit 1.4.2")):
            figures = one[engine]
            spent = [f"{figures[name]:.3g}" for name in ("cpu_s", "wall_s", "fit_cpu_s")]
            grown = figures["peak_mb"] - figures["idle_mb"]
            rows.append(
                (f"{labels:,}", title, *spent, f"{figures['peak_mb']:.0f}", f"{grown:.0f}", f"{figures['iterations']}")
            )
        ratio = [f"{one[name]:.1f}" for name in ("ratio_cpu", "ratio_wall", "ratio_fit_cpu")]
        rows.append((f"{labels:,}", "ratio", *ratio, f"{one['ratio_peak']:.2f}", f"{one['ratio_grown']:.2f}", ""))
    return table(("Labels", "Engine", "all, CPU s", "all, wall s", "fit, CPU s", "MB", "grown", "Rounds"), rows)


def _alphas(speed: Speed) -> str:
    rows = []
    for way, one in speed.alphas.items():
        by = [speed.alpha_ratios.get(f"{way}_over_{ours}") for ours in agreement.OURS]
        rows.append(
            (way, f"{one['cpu_s']:.3g}", f"{one['peak_mb']:.0f}", *("" if x is None else f"{x:.3g}" for x in by))
        )
    return table(("Way", "CPU s", "MB", "by `alpha`", "by `every`"), rows)


def plot(found: Found, path: Path) -> None:
    """Predicted against actual accuracy of majorities of 1, 3 and 5, of every set; the same bytes for the same."""
    with mpl.rc_context({"svg.hashsalt": "quality", "font.size": 9, "svg.fonttype": "none"}):
        figure = Figure(figsize=(9, 3.2), layout="constrained")
        for axes, k in zip(figure.subplots(1, 3, sharex=True, sharey=True), (1, 3, 5), strict=True):
            axes.plot([50, 100], [50, 100], color="#d5dae0", linewidth=1, zorder=0)
            for model, color in (("independent", RIVAL), ("ours", OURS)):
                place = FACTS.index(f"k{k}")
                actual, predicted = (
                    [100 * float(one[:, place].mean()) for one in ends]
                    for ends in zip(*((one.actual, one.predicted) for one in found[model].values()), strict=True)
                )
                kept = np.isfinite(actual)
                axes.plot(np.array(actual)[kept], np.array(predicted)[kept], "o", color=color, label=TITLES[model])
            axes.set_title(f"majority of {k}" if k > 1 else "one label")
            axes.set_xlabel("as it is, %")
            axes.spines[["top", "right"]].set_visible(False)
        figure.axes[0].set_ylabel("foretold, %")
        figure.axes[0].legend(frameon=False)
        figure.savefig(path, metadata={"Date": None, "Creator": None})
