"""Which scenarios another beats in cost, finish and accuracy at once: claimed only where every difference bears it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ..sim.paired import Claim
from ..sim.registry import kpi_of

Relation = Literal["better", "worse", "same", "open"]
"""Of one scenario to another in one KPI; same: equal in every run, or surely within what does not matter; open: the
numbers do not say."""

Kind = Literal["dominated", "efficient", "open", "withheld"]


@dataclass(frozen=True)
class Standing:
    """Where a scenario stands among all.

    dominated: some other, in `by`, is surely better in one criterion and surely no worse in any.
    efficient: it is surely better than each other in some criterion, or the same in all.
    open: neither; `by` names those that the numbers do not part it from.
    withheld: a criterion has no mean; `by` names the criteria.
    """

    scenario: str
    kind: Kind
    by: tuple[str, ...] = ()


def relation(kpi: str, claim: Claim, margin: float) -> Relation:
    """How a scenario stands to another in a KPI. claim: of its values less the other's.  margin: in the KPI's unit."""
    if claim.low >= -margin and claim.high <= margin:
        return "same"
    if not claim.differs:
        return "open"
    lower_is_better = kpi_of(kpi).better == "low"
    return "better" if (claim.difference.mean < 0) == lower_is_better else "worse"


def standings(
    names: Sequence[str],
    lacking: Mapping[str, Sequence[str]],
    criteria: Sequence[str],
    between: Callable[[str, str, str], Relation],
) -> tuple[Standing, ...]:
    """Where each scenario stands.

    lacking: by scenario, the criteria without a mean.  criteria: KPIs that some scenario has.
    between: (scenario, other, kpi) -> relation.
    """
    whole = [name for name in names if not lacking.get(name)]
    found = []
    for name in names:
        if lacking.get(name):
            found.append(Standing(name, "withheld", tuple(lacking[name])))
            continue
        others = {other: [between(name, other, kpi) for kpi in criteria] for other in whole if other != name}
        beaten = tuple(other for other, relations in others.items() if _dominated(relations))
        unsure = tuple(other for other, relations in others.items() if not _apart(relations))
        kind: Kind = "dominated" if beaten else "open" if unsure else "efficient"
        found.append(Standing(name, kind, beaten or unsure))
    return tuple(found)


def _dominated(relations: Sequence[Relation]) -> bool:
    return "worse" in relations and all(one in ("worse", "same") for one in relations)


def _apart(relations: Sequence[Relation]) -> bool:
    """Whether the other does not dominate, surely."""
    return "better" in relations or all(one == "same" for one in relations)
