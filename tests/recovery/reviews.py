"""Reviews whose share, verdicts, waits and rework are known."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import stats

from labelcast.calibration.fit import Parameter
from labelcast.calibration.stages import words
from labelcast.calibration.stages.review import fit_review

from .told import Source, Told

DAY = 86_400_000
START = pd.Timestamp("2026-03-02 08:00").value // 1_000_000


def rows(count: int = 600, seed: int = 1, **columns: object) -> pd.DataFrame:
    """Judgements handed in over twenty days by ten workers, one an item, as cleaning leaves them; nothing reviewed."""
    rng = np.random.default_rng(seed)
    submitted = np.sort(rng.integers(0, 20 * DAY, count)) + START
    frame = pd.DataFrame(
        {
            "item": [f"i{k}" for k in range(count)],
            "worker": [f"w{k}" for k in rng.integers(0, 10, count)],
            "reviewer": pd.Series([None] * count, dtype="str"),
            "submitted_at": pd.to_datetime(submitted, unit="ms"),
            "reviewed_at": pd.Series([pd.NaT] * count, dtype="datetime64[ms]"),
            "automatic": False,
            "outcome": "accepted",
            "attempt": pd.array([pd.NA] * count, dtype="Int64"),
            "correct": pd.array([pd.NA] * count, dtype="boolean"),
            "source": 0,
            "row": np.arange(2, count + 2),
        }
    )
    return frame.assign(**columns)


def drawn(
    seed: int, *, fraction: float, rejects: float, wait: float = 2.0, count: int = 900, sigma: float = 0.5
) -> pd.DataFrame:
    """`rows` of which a share is reviewed after lognormal days (median `wait`) unless the log ended before, by workers
    whose rates of rejection differ as a beta of concentration 20 does."""
    rng = np.random.default_rng(seed)
    frame = rows(count, seed, worker=[f"w{k}" for k in rng.integers(0, 40, count)])
    each = rng.beta(20 * rejects, 20 * (1 - rejects), 40)[frame["worker"].str[1:].astype(int)]
    days = wait * np.exp(sigma * rng.standard_normal(count))
    at = frame["submitted_at"] + pd.to_timedelta(days * 86_400, unit="s")
    seen = (rng.random(count) < fraction) & (at <= frame["submitted_at"].max()).to_numpy()
    frame["reviewed_at"] = at.where(seen).astype("datetime64[ms]")
    frame["outcome"] = np.where(seen & (rng.random(count) < each), "rejected", "accepted")
    return frame


def _found(frame: pd.DataFrame) -> dict[str, Parameter]:
    """The parameters of the review of `frame`, without the name of its stage or pool."""
    review = fit_review(frame)
    assert review is not None
    found = words.parameters(review, words.Where.of("annotate", "team"))
    return {one.path.split(".", 2)[2]: one for one in found}


def _waits(rng: np.random.Generator) -> Iterator[Told]:
    fraction, rejects = float(rng.uniform(0.2, 0.9)), float(rng.uniform(0.05, 0.4))
    wait, sigma = float(rng.uniform(0.3, 2.5)), float(rng.uniform(0.3, 0.8))
    count = int(rng.integers(400, 1500))
    seed = int(rng.integers(2**31))
    found = _found(drawn(seed, fraction=fraction, rejects=rejects, wait=wait, count=count, sigma=sigma))
    yield Told.of("stages.fraction", fraction, found["fraction"])
    yield Told.of("stages.rejected", rejects, found["rejected"])
    for name, share in (("p10", 0.1), ("p50", 0.5), ("p90", 0.9)):
        truth = wait * 86_400 * float(np.exp(sigma * stats.norm.ppf(share)))
        yield Told.of(f"stages.handoff.quantiles: {name}", truth, found[f"handoff.quantiles.{name}"])


WAITS = Source(
    "verdicts that may still come",
    {
        "stages.fraction": "chance (20 to 90%) that work is reviewed, of 400 to 1,499 items by 40 workers",
        "stages.rejected": "mean of the beta law (concentration 20) of each worker's rate of rejection",
        **{
            f"stages.handoff.quantiles: {name}": f"the {name} of lognormal waits, some of them cut off"
            for name in ("p10", "p50", "p90")
        },
    },
    300,
    0,
    _waits,
    31,
)


def rounds(
    rng: np.random.Generator,
    items: int,
    again: float,
    redone: tuple[float, float],
    gold: float,
    chances: dict[str, float],
) -> pd.DataFrame:
    """Items labelled once, reviewed for certain in the first round and with chance `again` in the next; rejected work
    is done again by the same worker or by another (`redone`), or left. Each worker's chances to be rejected are spread
    by a beta law of concentration 30 about `chances`: first (a worker's first 20 tasks), later, second (round), fixed;
    wrong, right (of test questions, a share `gold`). A verdict comes an hour after the work, the work again an hour
    after that."""
    workers = 30
    own = {name: rng.beta(30 * one, 30 * (1 - one), workers) for name, one in chances.items()}
    done, out = np.zeros(workers, int), []
    for item in range(items):
        at, who, golden = 4.0 * item, int(rng.integers(workers)), bool(rng.random() < gold)
        right = bool(rng.random() < 0.7)
        for turn in range(1, 20):
            seen = turn == 1 or rng.random() < again
            name = "second" if turn > 1 else "first" if done[who] < 20 else "later"
            name = (("right" if right else "wrong") if turn == 1 else name) if golden else name
            rejected = seen and rng.random() < own[name][who]
            fixed = seen and not rejected and rng.random() < own["fixed"][who]
            outcome = "rejected" if rejected else "fixed" if fixed else "accepted"
            out.append((f"i{item}", who, at, at + 1 if seen else np.nan, outcome, right if golden else None, golden))
            done[who] += 1
            way = rng.random()
            if not rejected or way >= sum(redone):
                break
            who = who if way < redone[0] else int((who + rng.integers(1, workers)) % workers)
            at += 2
    table = pd.DataFrame(out, columns=["item", "worker", "at", "verdict", "outcome", "correct", "golden"])
    frame = rows(len(table), 1)
    frame["item"], frame["worker"] = table["item"], "w" + table["worker"].astype(str)
    start = pd.Timestamp(START, unit="ms")
    frame["submitted_at"] = start + pd.to_timedelta(table["at"], unit="h")
    frame["reviewed_at"] = (start + pd.to_timedelta(table["verdict"], unit="h")).astype("datetime64[ms]")
    frame["outcome"], frame["correct"] = table["outcome"], table["correct"].astype("boolean")
    return frame


def _rework(rng: np.random.Generator) -> Iterator[Told]:
    same = float(rng.uniform(0.3, 0.7))
    redone = (same, float(rng.uniform(0.1, 0.9)) * (1 - same))
    chances = {
        "first": float(rng.uniform(0.15, 0.4)), "later": float(rng.uniform(0.05, 0.3)),
        "second": float(rng.uniform(0.1, 0.4)), "fixed": float(rng.uniform(0.05, 0.3)),
        "wrong": 0.5, "right": 0.05,
    }  # fmt: skip
    again = float(rng.uniform(0.4, 0.95))
    found = _found(rounds(rng, int(rng.integers(900, 2000)), again, redone, 0.0, chances))
    truth = {
        "reviewed_again": again,
        "rejected.round_2": chances["second"],
        "on_reject.same": redone[0],
        "on_reject.other": redone[1],
        "on_reject.none": 1 - sum(redone),
    }
    for name, value in truth.items():
        if name in found:
            yield Told.of(f"stages.{name.replace('.round_', '.round: ')}", value, found[name])


REWORK = Source(
    "rework",
    {
        "stages.reviewed_again": "chance (40 to 95%) that work of the second round is reviewed",
        "stages.rejected.round: 2": "mean of the beta law (concentration 30) of each worker's rate in round 2",
        "stages.on_reject.same": "chance that rejected work is done again by its author",
        "stages.on_reject.other": "the same, by another",
        "stages.on_reject.none": "the same, by nobody",
    },
    200,
    0,
    _rework,
    32,
)


def _tenured(rng: np.random.Generator) -> Iterator[Told]:
    """Without second rounds, so that rates are of the first; test questions of another log."""
    chances = {
        "first": float(rng.uniform(0.15, 0.4)), "later": float(rng.uniform(0.05, 0.3)), "second": 0.1,
        "fixed": float(rng.uniform(0.05, 0.3)), "wrong": float(rng.uniform(0.4, 0.9)),
        "right": float(rng.uniform(0.02, 0.2)),
    }  # fmt: skip
    found = _found(rounds(rng, int(rng.integers(900, 2000)), 1.0, (0.0, 0.0), 0.0, chances))
    for name, of in (("rejected.first_20", "first"), ("rejected.later", "later")):
        yield Told.of(f"stages.{name}", chances[of], found[name])
    none = dict.fromkeys(("first", "later", "second"), 1e-3)
    mended = _found(rounds(rng, int(rng.integers(600, 1500)), 1.0, (0.0, 0.0), 0.0, chances | none))
    yield Told.of("stages.fixed", chances["fixed"] * (1 - 1e-3), mended["fixed"])
    judged = _found(rounds(rng, int(rng.integers(900, 2000)), 1.0, (0.0, 0.0), 0.3, chances))
    for name, of in (("reviewing.sensitivity", "wrong"), ("reviewing.false_alarm", "right")):
        yield Told.of(f"pools.{name}", chances[of], judged[name])


TENURED = Source(
    "verdicts by tenure, and of test questions",
    {
        "stages.rejected.first_20": "mean of the beta law of each worker's rate at the first 20 tasks",
        "stages.rejected.later": "the same of later tasks",
        "stages.fixed": "the same of work that reviewers mend",
        "pools.reviewing.sensitivity": "mean of the beta law over authors of the chance to reject a wrong answer",
        "pools.reviewing.false_alarm": "the same of a right answer",
    },
    200,
    0,
    _tenured,
    33,
)

SOURCES = (WAITS, REWORK, TENURED)
