"""Files of a platform in, a fitted line out: reads, cleans, fits, and says what it rests on."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import numpy as np
import pandas as pd

from .arrivals import fit_arrivals, per_day
from .availability import Availability, fit_availability
from .block import scenario_block, shift_end_of, time_of
from .classes import fit_attractor, fit_mix
from .cleaning import Cleaned, clean
from .crowd import words
from .crowd.batches import batches
from .crowd.fit import CrowdFit, enough, fit_crowd, service_of
from .fit import Evidence, Fit, Parameter, Refusal, Together
from .parts import Parts
from .people import people_of
from .pools import words as pool_words
from .pools.fit import at_one_pace, by_work, fit_pools
from .pools.given import Column, Given, given
from .pools.skills import known_of
from .readers.judgements import Refusals
from .readers.mapping import read_map
from .readers.names import NAMES
from .readers.recognise import Export, Progress, read
from .record import Names, record
from .service.fit import Service, fit_service, rested, timed
from .service.look import curve, qq_points
from .service.notes import notes as service_notes
from .service.words import assumptions, parameters
from .service.words import together as of_times
from .sizes import page_units, redundancy
from .skill import fit_skill
from .stages import later as stages
from .stages import words as review_words
from .stages.later import Later, clean_steps, fit_later
from .stages.lines import Flow, flow_of, folded
from .stages.review import fit_review
from .steps import of_step
from .tenure import fit_tenure
from .tired.words import by_hour
from .together import among
from .usable import checked, usable

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
    pools: str | None = None,
    progress: Progress | None = None,
) -> Fit:
    """What the exports in `files` (of the formats of readers/; gz and zip too) say about their line.

    pool, segment, stage: what to call the workers, the items and the work.  timezone: of the hours in which
    availability is told.  label: the answer column, None to choose it by rule.
    step: of a log of several steps of work (activities) the one that is fitted, None to fit all as one, with a note.
    map: a file that says which columns of plain tables are what.  no_clean: names of cleaning.STEPS to leave out.
    people: staff or crowd; auto tells by how many there are and for how long (see people.py).
    pools: a column that says which team each worker is of; each is a pool (of a log of several steps, a role).
    Raises DataRefused when files cannot be used, ScenarioRefused when a name, time zone or column is none.
    """
    names = checked(Names(pool, segment, stage, timezone))

    def done(steps: float, of: int = 1, what: str = "Cleaning and fitting") -> None:
        if progress is not None:
            progress(steps / of, STEPS, what)

    export, teams = _read(files, label, map, pools, pool, done)
    whole, others = export.judgements, dict[str, Cleaned]()
    flow, why = (None, "") if step is not None else flow_of(whole, stage)
    if flow is None:
        export = of_step(export, step, why)
    else:
        whole = whole if teams is None else whole.assign(role=teams.roles(whole["worker"]))
        names = replace(names, stage=flow.steps[0].name)
        others = clean_steps(whole, export.refusals, flow, no_clean)
        export = replace(export, judgements=folded(whole, flow))
    done(1)
    cleaned = clean(export.judgements, export.refusals, no_clean, _begun(export, flow))
    left_out = whole.iloc[:0] if flow is None else whole[whole["stage"].fillna("").isin(flow.passed_over)]
    usable(export, cleaned, (left_out, *(one.judgements for one in others.values())))
    done(2)
    judged = flow is None or flow.labelling
    names, apart = _apart(names, cleaned, teams if flow is None else None)
    pool = names.pool
    skill = fit_skill(cleaned.judgements, pool, segment)
    each = redundancy(cleaned.judgements, names.stage)
    labels = int(each.value) if judged else 1
    found = None
    if apart is not None:
        found = fit_pools(cleaned, apart, labels, timezone, people, known_of(skill, pool, segment))
    service = fit_service(timed(cleaned.pages, cleaned.under_way, cleaned.left)) if found is None else found.service
    later = None
    if flow is not None:
        later = fit_later(whole, export.refusals, flow, {names.stage: cleaned, **others}, service, pool, timezone)
    done(3)
    if not judged and people == "auto":
        people = "staff"  # who does several kinds of work, and is seen at one of them for little, is no crowd
    pages = cleaned.pages if later is None else later.pages
    if found is None:
        availability = fit_availability(pages, pool, timezone, labels)
        crowd, export = _crowd(export, cleaned, service, availability, people, timezone)
    else:
        availability, crowd = found.there[pool], found.crowds.get(pool)
    alone = flow is None and found is None and crowd is None
    service, skill = rested(service) if alone else service, by_hour(skill, cleaned, pool, segment, alone=alone)
    done(4)
    mix = fit_mix(cleaned.judgements, segment)
    attractor = fit_attractor(cleaned.judgements, len(mix.shares), segment)
    done(5)
    review = fit_review(cleaned.judgements, by_item=flow is not None and flow.reviewed) if judged else None
    posting = fit_arrivals(cleaned.judgements, segment, timezone)
    parts = Parts(service, each, posting, availability, crowd, skill, mix, attractor, review, later, found)
    fit = _fit(names, export, cleaned, parts)
    done(6)
    return fit


def _read(
    files: Sequence[Path], label: str | None, map: Path | None, pools: str | None, rest: str, progress: Progress
) -> tuple[Export, Given | None]:
    """(what the files say, which pool each worker is of by the column `pools`, None where none was asked for)."""
    by = None if map is None else read_map(Path(map), [*NAMES])
    column = None if pools is None else Column(pools)
    export = read([Path(one) for one in files], label, by, progress, None if column is None else column.look)
    if column is None:
        return export, None
    teams = given(column, export.judgements, rest)
    return replace(export, notes=(*export.notes, *teams.notes)), teams


def _begun(export: Export, flow: Flow | None) -> pd.DataFrame:
    """Work under way; of the stages after the first it is not fitted."""
    begun = export.under_way
    return begun if flow is None else begun[begun["stage"].fillna("") == flow.steps[0].word]


def _apart(names: Names, cleaned: Cleaned, teams: Given | None) -> tuple[Names, Given | None]:
    """(names with that of the main pool, the pools): the pools that a column told, None where only one has times."""
    if teams is None:
        return names, None
    there = by_work(cleaned.pages, teams)
    return replace(names, pool=there[0]), teams if len(there) > 1 else None


def _crowd(
    export: Export, cleaned: Cleaned, service: Service, availability: Availability, people: str, timezone: str
) -> tuple[CrowdFit | None, Export]:
    """(the crowd, the export with what to say): None of a staff, or where too little tells how often people come."""
    if people_of(availability.sessions, people) != "crowd":
        return None, export
    posted = batches(cleaned.judgements)
    if not enough(posted):
        return None, replace(export, notes=(*export.notes, words.too_few(posted)))
    return fit_crowd(posted, service_of(service, availability.shrinkage.value), timezone), export


def _fit(names: Names, export: Export, cleaned: Cleaned, parts: Parts) -> Fit:
    fitted = _parameters(names, cleaned, parts)
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
    if parts.pools is not None:
        assumed = (*pool_words.assumed(parts.pools, assumed),)
    end = shift_end_of(parts.service)
    scenario = scenario_block(names, fitted, assumed, parts.mix.shares, parts.availability, parts.crowd, review, end)
    values = {p.path: p.value for p in fitted} | {a.path: a.value for a in assumed}
    if parts.pools is not None:
        scenario = pool_words.with_pools(scenario, parts.pools, values, names.stage, names.timezone)
    if parts.later is not None:
        times = {name: time_of(values, f"stages.{name}") for name in parts.later.service}
        scenario = stages.with_stages(scenario, parts.later, values, times, names.timezone)
    judgements = cleaned.judgements
    digest = hashlib.sha256("".join(sorted(one.sha256 for one in export.sources)).encode()).hexdigest()
    refused = export.refusals.summary()
    log = record(
        judgements,
        parts.posting.items,
        parts.sessions,
        names,
        version=metadata.version("labelcast"),
        digest=digest,
        engine="+".join(sorted({one.format for one in export.sources})),
        pools=None if parts.pools is None else parts.pools.given.pools,
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
        pools=None if parts.pools is None else parts.pools.given.column,
        together=among(_together(names, parts), fitted),
    )


def _together(names: Names, parts: Parts) -> list[Together]:
    later = [] if parts.later is None else stages.together(parts.later)
    return [*parts.skill.together, *of_times(parts.service, names.pool, names.stage), *later]


def _set_apart(cleaned: Cleaned, later: Later | None) -> tuple[Refusal, ...]:
    """Rows of all stages by reason."""
    out = Refusals(cleaned.set_apart.names, units=cleaned.set_apart.units)
    for one in (cleaned, *([] if later is None else later.cleaned.values())):
        for reason, found in one.set_apart.book.items():
            out.book.setdefault(reason, []).extend(found)
    return out.summary()


def _parameters(names: Names, cleaned: Cleaned, parts: Parts) -> tuple[Parameter, ...]:
    found = [
        *parts.posting.parameters,
        *parts.mix.parameters,
        *([parts.attractor] if parts.attractor else []),
        *_of_people(names, parts),
        *parts.skill.parameters,
        *parameters(parts.service, names.pool, names.stage),
        *([] if parts.later is not None and parts.later.routes is not None else [parts.redundancy]),
        *page_units(cleaned.pages, names.stage),
        *_of_review(names, parts),
        *([] if parts.later is None else stages.fitted(parts.later)),
    ]
    if parts.pools is not None:
        found = pool_words.fitted(parts.pools, found, names.stage, names.timezone)
    order = ("work.", "pools.", "stages.")
    return tuple(sorted(found, key=lambda one: next(i for i, room in enumerate(order) if one.path.startswith(room))))


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
        return review_words.Where.of(names.stage, names.pool, () if parts.pools is None else parts.pools.names)
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
        "sessions": len(parts.everybody.sessions),
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
    if parts.pools is None:
        notes.extend(service_notes(parts.service, cleaned.pages, cleaned.judgements))
    else:
        level = f"Times at the pace of {names.pool}"
        notes += [f"{level}: {one}" for one in service_notes(parts.service, *at_one_pace(parts.pools, cleaned))]
        notes.extend(pool_words.notes(parts.pools, int(parts.redundancy.value)))
    if parts.later is not None:
        notes.extend(stages.notes(parts.later))
    if parts.review is not None:
        notes.extend(review_words.notes(parts.review, _where(names, parts)))
    elif unsigned := int((cleaned.judgements["outcome"] == "rejected").sum()):
        notes.append(review_words.unsigned(unsigned))
    there = parts.availability.notes if parts.pools is None else ()
    if parts.crowd is not None and parts.pools is None:
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
        concurrent=parts.everybody.concurrent,
        on_shift=parts.slots,
        coming=None if parts.crowd is None else parts.crowd.crowd.coming.hours,
        worker_seconds=seconds.rename_axis("worker").reset_index(),
        worker_accuracy=parts.skill.workers,
        items_per_day=per_day(parts.posting.items, names.timezone),
    )
