"""Files of a platform in, a fitted line out: reads, cleans, fits, and says what it rests on."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from ..sim.errors import DataRefused, ScenarioRefused
from .arrivals import Posting, fit_arrivals, per_day
from .availability import Availability, fit_availability
from .block import scenario_block, shift_end_of, time_of
from .classes import Mix, fit_attractor, fit_mix
from .cleaning import Cleaned, clean
from .crowd import words
from .crowd.batches import batches
from .crowd.fit import CrowdFit, enough, fit_crowd, service_of
from .fit import Evidence, Fit, Parameter, Refusal
from .people import people_of
from .readers.judgements import Refusals
from .readers.mapping import read_map
from .readers.names import NAMES
from .readers.recognise import Export, Progress, read
from .readers.stamps import no_zone
from .record import Names, record
from .service.fit import Service, fit_service, timed
from .service.look import curve, qq_points
from .service.notes import notes as service_notes
from .service.words import assumptions, parameters
from .skill import Skill, fit_skill
from .stages import later as stages
from .stages import words as review_words
from .stages.later import Later, clean_steps, fit_later
from .stages.lines import flow_of, folded
from .stages.review import Review, fit_review
from .steps import of_step
from .tenure import fit_tenure

STEPS = 6
"""How many steps `progress` is told of."""


def calibrate(
    files: Sequence[Path],
    *,
    pool: str = "annotators",
    segment: str = "items",
    stage: str = "annotate",
    timezone: str = "UTC",
    label: str | None = None,
    step: str | None = None,
    map: Path | None = None,
    no_clean: Collection[str] = (),
    people: str = "auto",
    progress: Progress | None = None,
) -> Fit:
    """What the exports in `files` (of the formats of readers/; gz and zip too) say about their line.

    pool, segment, stage: what to call the workers, the items and the work.  timezone: of the hours in which
    availability is told.  label: the answer column, None to choose it by rule.
    step: of a log of several steps of work (activities) the one that is fitted, None to fit all as one, with a note.
    map: a file that says which columns of plain tables are what.  no_clean: names of cleaning.STEPS to leave out.
    people: staff or crowd; auto tells by how many there are and for how long (see people.py).
    Raises DataRefused when files cannot be used, ScenarioRefused when a name, time zone or column is none.
    """
    names = _checked(Names(pool, segment, stage, timezone))

    def done(steps: int) -> None:
        if progress is not None:
            progress(steps, STEPS, "Cleaning and fitting")

    def reading(files_done: float, of: int, what: str) -> None:
        if progress is not None:
            progress(files_done / of, STEPS, what)

    by = None if map is None else read_map(Path(map), [*NAMES])
    export = read([Path(one) for one in files], label, by, reading)
    whole, others = export.judgements, dict[str, Cleaned]()
    flow, why = (None, "") if step is not None else flow_of(whole, stage)
    if flow is None:
        export = of_step(export, step, why)
    else:
        names = replace(names, stage=flow.steps[0].name)
        others = clean_steps(whole, export.refusals, flow, no_clean)
        export = replace(export, judgements=folded(whole, flow))
    done(1)
    begun = export.under_way
    if flow is not None:  # of the stages after the first, work under way is not fitted
        begun = begun[begun["stage"].fillna("") == flow.steps[0].word]
    cleaned = clean(export.judgements, export.refusals, no_clean, begun)
    left_out = whole.iloc[:0] if flow is None else whole[whole["stage"].fillna("").isin(flow.passed_over)]
    _usable(export, cleaned, (left_out, *(one.judgements for one in others.values())))
    done(2)
    service = fit_service(timed(cleaned.pages, cleaned.under_way, cleaned.left))
    later = None
    if flow is not None:
        later = fit_later(whole, export.refusals, flow, {names.stage: cleaned, **others}, service, pool, timezone)
    done(3)
    redundancy = _redundancy(cleaned.judgements, names.stage)
    posting = fit_arrivals(cleaned.judgements, segment, timezone)
    pages = cleaned.pages if later is None else later.pages
    labels = 1 if flow is not None and not flow.labelling else int(redundancy.value)
    availability = fit_availability(pages, pool, timezone, labels)
    crowd = None
    if flow is not None and not flow.labelling and people == "auto":
        people = "staff"  # who does several kinds of work, and is seen at one of them for little, is no crowd
    if people_of(availability.sessions, people) == "crowd":
        posted = batches(cleaned.judgements)
        if enough(posted):
            crowd = fit_crowd(posted, service_of(service, availability.shrinkage.value), timezone)
        else:
            export = replace(export, notes=(*export.notes, words.too_few(posted)))
    done(4)
    skill = fit_skill(cleaned.judgements, pool, segment)
    mix = fit_mix(cleaned.judgements, segment)
    attractor = fit_attractor(cleaned.judgements, len(mix.shares), segment)
    done(5)
    review = None
    if flow is None or flow.labelling:
        review = fit_review(cleaned.judgements, by_item=flow is not None and flow.reviewed)
    parts = Parts(service, redundancy, posting, availability, crowd, skill, mix, attractor, review, later)
    fit = _fit(names, export, cleaned, parts)
    done(6)
    return fit


@dataclass(frozen=True, eq=False)
class Parts:
    """The fits of one calibration. crowd: None for a staff.  review: None where no person gave a verdict.
    later: the stages after the first, None where the log knows one."""

    service: Service
    redundancy: Parameter
    posting: Posting
    availability: Availability
    crowd: CrowdFit | None
    skill: Skill
    mix: Mix
    attractor: Parameter | None
    review: Review | None
    later: Later | None


def _checked(names: Names) -> Names:
    problems = []
    for what, name in (("pool", names.pool), ("segment", names.segment), ("stage", names.stage)):
        if not name or any(sign.isspace() or sign in ".:,{}[]#&*!|>'\"%@`" for sign in name):
            problems.append(f"--{what}: {name!r} cannot be a name: write letters, digits and hyphens.")
    if why := no_zone(names.timezone):
        problems.append(f"--timezone: {why}")
    if problems:
        raise ScenarioRefused(problems)
    return names


def _usable(export: Export, cleaned: Cleaned, others: Collection[pd.DataFrame]) -> None:
    """Raises DataRefused when a file has no row of use, or all of them too little.

    others: judgements of other steps than the one that `cleaned` is of; a file may hold these only.
    """
    problems = []
    used = set(pd.concat([cleaned.judgements["source"], *(one["source"] for one in others)]))
    for number, source in enumerate(export.sources):
        duplicate = any("duplicate" in one.reason for one in export.refusals.of(number))
        if number not in used and not duplicate:
            why = "; ".join(f"{one.rows} x {one.reason} (first: {one.first})" for one in export.refusals.of(number))
            problems.append(f"{source.name}: none of its {source.rows} rows can be used: {why}.")
    if not problems and not cleaned.judgements["counts"].any():
        found = cleaned.set_apart.summary()
        problems.append(
            f"{found[0].first}: no judgement is left that counts: "
            + "; ".join(f"{one.rows} x {one.reason}" for one in found)
            + "."
        )
    if not problems and not cleaned.pages["timed"].any():
        found = cleaned.set_apart.summary()
        problems.append(f"{found[0].first}: no page has a usable service time: {found[0].reason}.")
    if problems:
        raise DataRefused(problems)


def _redundancy(judgements: pd.DataFrame, stage: str) -> Parameter:
    counted = judgements[judgements["counts"]]
    work = counted[~counted["golden"]] if not counted["golden"].all() else counted
    sizes = np.sort(work.groupby("item").size().to_numpy())
    low, high = (sizes[int(stats.binom.ppf(p, len(sizes) - 1, 0.5))] for p in (0.025, 0.975))
    what = "items" if len(work) == len(counted) else "items that are no test question"
    return Parameter(
        f"stages.{stage}.labels_per_item",
        max(1, int(np.median(sizes))),
        float(low),
        float(high),
        len(sizes),
        f"median judgements of {what}; order-statistics interval",
        "labels",
    )


def _fit(names: Names, export: Export, cleaned: Cleaned, parts: Parts) -> Fit:
    fitted = _parameters(names, parts)
    assumed = (*parts.skill.assumptions, *assumptions(parts.service, names.pool, names.stage))
    if parts.crowd is not None:
        assumed = (*assumed, *words.assumptions(parts.crowd, names.pool))
    review = {}
    if parts.review is not None:
        where = _where(names, parts)
        known = bool(parts.skill.parameters)
        assumed = (*assumed, *review_words.assumptions(parts.review, where, skill_known=known))
        review = review_words.block(parts.review, where)
    if parts.later is not None:
        assumed = (*assumed, *stages.assumed(parts.later))
    end = shift_end_of(parts.service)
    scenario = scenario_block(names, fitted, assumed, parts.mix.shares, parts.availability, parts.crowd, review, end)
    if parts.later is not None:
        values = {p.path: p.value for p in fitted} | {a.path: a.value for a in assumed}
        times = {name: time_of(values, f"stages.{name}") for name in parts.later.service}
        scenario = stages.with_stages(scenario, parts.later, values, times, names.timezone)
    judgements = cleaned.judgements
    digest = hashlib.sha256("".join(sorted(one.sha256 for one in export.sources)).encode()).hexdigest()
    refused = export.refusals.summary()
    log = record(
        judgements,
        parts.posting.items,
        _sessions(parts),
        names,
        version=metadata.version("labelcast"),
        digest=digest,
        engine="+".join(sorted({one.format for one in export.sources})),
    )
    first, last = (
        pd.Timestamp(one).tz_localize("UTC").tz_convert(names.timezone).isoformat(timespec="seconds")
        for one in (judgements["started_at"].min(), judgements["submitted_at"].max())
    )
    return Fit(
        pool=names.pool,
        segment=names.segment,
        stage=names.stage,
        timezone=names.timezone,
        parameters=fitted,
        assumptions=assumed,
        notes=_notes(names, export, cleaned, parts),
        sources=export.sources,
        rows_read=sum(one.rows for one in export.sources),
        rows_used=len(judgements) + (0 if parts.later is None else parts.later.rows),
        refused=refused,
        set_apart=_set_apart(cleaned, parts.later),
        counts=_counts(cleaned, parts),
        answer=export.answer,
        digest=digest,
        first=first,
        last=last,
        scenario=scenario,
        evidence=_evidence(names, cleaned, parts),
        log=log,
    )


def _set_apart(cleaned: Cleaned, later: Later | None) -> tuple[Refusal, ...]:
    """Rows of all stages by reason."""
    out = Refusals(cleaned.set_apart.names, units=cleaned.set_apart.units)
    for one in (cleaned, *([] if later is None else later.cleaned.values())):
        for reason, found in one.set_apart.book.items():
            out.book.setdefault(reason, []).extend(found)
    return out.summary()


def _parameters(names: Names, parts: Parts) -> tuple[Parameter, ...]:
    found = [
        *parts.posting.parameters,
        *parts.mix.parameters,
        *([parts.attractor] if parts.attractor else []),
        *_of_people(names, parts),
        *parts.skill.parameters,
        *parameters(parts.service, names.pool, names.stage),
        *([] if parts.later is not None and parts.later.routes is not None else [parts.redundancy]),
        *_of_review(names, parts),
        *([] if parts.later is None else stages.fitted(parts.later)),
    ]
    order = ("work.", "pools.", "stages.")
    return tuple(sorted(found, key=lambda one: next(i for i, room in enumerate(order) if one.path.startswith(room))))


def _sessions(parts: Parts) -> pd.DataFrame:
    """Sessions of the first stage's pool, and where roles are told of all pools, as any of them may work there."""
    mine = parts.availability.sessions
    if parts.later is None or not parts.later.told:
        return mine
    both = pd.concat([mine, *(one.sessions for one in parts.later.pools.values())])
    return both.sort_values(["worker", "from_ms"], ignore_index=True)


def _of_people(names: Names, parts: Parts) -> tuple[Parameter, ...]:
    """When people are there: slots on shift of a staff, visits of a crowd."""
    if parts.crowd is None:
        there = parts.availability
        return *there.parameters, *fit_tenure(there.sessions, names.pool, names.timezone)
    return *words.parameters(parts.crowd, names.pool), parts.availability.shrinkage


def _of_review(names: Names, parts: Parts) -> list[Parameter]:
    if parts.review is None:
        return []
    return review_words.parameters(parts.review, _where(names, parts))


def _where(names: Names, parts: Parts) -> review_words.Where:
    """The review's stage and pool: those that the log tells, else names of our own."""
    later = parts.later
    if later is None:
        return review_words.Where.of(names.stage, names.pool)
    step = next((one for one in later.flow.steps if one.kind == "review"), None)
    if step is None or step.name not in later.service:
        return review_words.Where.of(names.stage, names.pool, (*later.service, *later.pools))
    return review_words.Where(step.name, later.home(step.name), names.stage, names.pool, seen=True)


def _counts(cleaned: Cleaned, parts: Parts) -> dict[str, int]:
    judgements = cleaned.judgements
    units = cleaned.pages["units"]
    return {
        "items": judgements["item"].nunique(),
        "workers": judgements["worker"].nunique(),
        "pages": len(cleaned.pages),
        "pages_timed": int(cleaned.pages["timed"].sum()),
        "units_per_page": int(units.mode().iloc[0]),
        "under_way": len(cleaned.under_way),
        "hoarded": cleaned.hoarded,
        "sessions": len(parts.availability.sessions),
        "gold_items": judgements.loc[judgements["golden"], "item"].nunique(),
        "gold_judgements": int(judgements["golden"].sum()),
        "gold_wrong": int((judgements["correct"] == False).fillna(False).sum()),  # noqa: E712
        "reviewed": 0 if parts.review is None else int(parts.review.verdicts.rows["reviewed"].sum()),
        "approved_by_platform": int(judgements["automatic"].sum()),
    }


def _notes(names: Names, export: Export, cleaned: Cleaned, parts: Parts) -> tuple[str, ...]:
    notes = list(export.notes)
    units = cleaned.pages["units"]
    if (units > 1).any():
        notes.append(
            f"Stamps cover a page of up to {units.max()} units (most often {units.mode().iloc[0]}): a page's time is "
            "divided by its units. Mean time and throughput are kept; the spread of single units is larger than the "
            "sigma of page averages, and no stamp can show it."
        )
    whole = (cleaned.pages["end_ms"] - cleaned.pages["begin_ms"])[cleaned.pages["timed"]]
    coarse = bool((cleaned.pages["end_ms"] % 1000 == 0).all())
    if float(whole.median()) < 10_000 and coarse:
        notes.append("Half of the pages took less than 10 s by stamps of whole seconds: short times are coarse.")
    if cleaned.skipped:
        notes.append(f"Left out of cleaning: {', '.join(cleaned.skipped)}.")
    if "idle" not in cleaned.skipped:
        notes.append(
            f"A page counts as left open beyond {cleaned.idle_cut_s:.0f} s a unit for a typical worker (3.5 robust "
            "standard deviations of log time, at least 5 times the usual), or 8 h."
        )
    notes.extend(service_notes(parts.service, cleaned.pages, cleaned.judgements))
    if parts.later is not None:
        notes.extend(stages.notes(parts.later))
    if parts.review is not None:
        notes.extend(review_words.notes(parts.review, _where(names, parts)))
    elif unsigned := int((cleaned.judgements["outcome"] == "rejected").sum()):
        notes.append(review_words.unsigned(unsigned))
    there = parts.availability.notes
    if parts.crowd is not None:
        there = (*words.notes(parts.crowd), *parts.availability.shrinkage_notes)
    return (*notes, *parts.posting.notes, *there, *parts.mix.notes, *parts.skill.notes)


def _evidence(names: Names, cleaned: Cleaned, parts: Parts) -> Evidence:
    timed = cleaned.pages[cleaned.pages["timed"]]
    log = pd.Series(np.log(timed["seconds"].to_numpy()), index=timed["worker"].to_numpy())
    by_worker = log.groupby(level=0)
    seconds = pd.DataFrame({"pages": by_worker.size(), "seconds": np.exp(by_worker.mean())})
    return Evidence(
        log_seconds=log.to_numpy(),
        qq=qq_points(parts.service),
        curve=curve(parts.service),
        concurrent=parts.availability.concurrent,
        on_shift=parts.availability.on_shift if parts.crowd is None else None,
        coming=None if parts.crowd is None else parts.crowd.crowd.coming.hours,
        worker_seconds=seconds.rename_axis("worker").reset_index(),
        worker_accuracy=parts.skill.workers,
        items_per_day=per_day(parts.posting.items, names.timezone),
    )
