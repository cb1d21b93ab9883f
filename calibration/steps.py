"""Which step of the work is fitted, where a log tells several apart."""

from __future__ import annotations

import difflib
from dataclasses import replace

from ..sim.errors import ScenarioRefused
from .readers.names import bare
from .readers.recognise import Export

MIXED = "steps of work are fitted as one"
"""By which a fit's note is known that says so."""


def of_step(export: Export, step: str | None, why: str = "") -> Export:
    """`export` with the work of one step only, the rest counted as left out; with None all of it, and a note where that
    mixes several. why: why these are no stages of a line.

    Raises ScenarioRefused when no step has the name; it may be written without capitals, blanks and signs.
    """
    stage = export.judgements["stage"].fillna("")
    known = stage.value_counts()
    names = [str(one) for one in known.index]
    if step is None:
        if len(names) < 2:
            return export
        shown = "; ".join(f"{name or '(no name)'}, {known[name]} rows" for name in names[:4])
        more = "; ..." if len(names) > 4 else ""
        reason = f" They are no stages of a line, since {why}." if why else ""
        note = f"{len(names)} {MIXED} ({shown}{more}).{reason} Fit one of them with --step NAME."
        return replace(export, notes=(*export.notes, note))
    found = [name for name in names if name == step] or [name for name in names if bare(name) == bare(step)]
    if len(found) != 1 or not found[0]:
        near = difflib.get_close_matches(step, names, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        there = ", ".join(repr(name) for name in names[:12] if name) or "none: the files tell no steps apart"
        raise ScenarioRefused(f"--step: no step of the work is named {step!r}.{hint} There are: {there}.")
    mine = stage == found[0]
    export.refusals.add_frame(f"of another step than {found[0]}", export.judgements[~mine])
    going = export.under_way[export.under_way["stage"].fillna("") == found[0]].reset_index(drop=True)
    return replace(export, judgements=export.judgements[mine].reset_index(drop=True), under_way=going)
