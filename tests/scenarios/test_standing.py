"""Who dominates whom: only where every difference bears it."""

from __future__ import annotations

from itertools import product

import pytest

from labelcast.scenarios.standing import Relation, Standing, relation, standings
from labelcast.sim.paired import Claim
from labelcast.sim.statistics import Difference

CRITERIA = ("cost", "finish_days", "accuracy")
TURNED: dict[Relation, Relation] = {"better": "worse", "worse": "better", "same": "same", "open": "open"}


def claim(mean: float, half: float, differs: bool) -> Claim:
    return Claim(Difference(mean, mean - half, mean + half, 0.5), 0.5, mean - 2 * half, mean + 2 * half, differs)


@pytest.mark.parametrize(
    ("kpi", "found", "margin", "expected"),
    [
        ("cost", claim(-5.0, 1.0, True), 0.0, "better"),
        ("cost", claim(5.0, 1.0, True), 0.0, "worse"),
        ("accuracy", claim(-0.02, 0.005, True), 0.0, "worse"),
        ("accuracy", claim(0.02, 0.005, True), 0.0, "better"),
        ("cost", claim(-5.0, 3.0, False), 0.0, "open"),
        ("cost", claim(0.0, 0.0, False), 0.0, "same"),
        ("cost", claim(1.0, 0.0, True), 0.0, "worse"),
        ("cost", claim(5.0, 1.0, True), 7.0, "same"),  # surely dearer, and surely by too little to matter
        ("cost", claim(5.0, 1.0, True), 6.9, "worse"),  # the interval for all at once ends at 7
        ("cost", claim(0.5, 1.0, False), 2.4, "open"),
        ("cost", claim(float("nan"), 0.0, False), 5.0, "open"),
        ("cost", claim(1.0, 0.2, True), float("nan"), "worse"),
    ],
)
def test_how_two_stand_in_one_kpi(kpi: str, found: Claim, margin: float, expected: Relation) -> None:
    """Better by the KPI's own direction where the difference is claimed; the same only where it is identical, or lies
    within the margin with its interval for all at once."""
    assert relation(kpi, found, margin) == expected


def stand(
    table: dict[tuple[str, str], tuple[Relation, ...]], lacking: dict[str, list[str]] | None = None
) -> list[Standing]:
    """Standings of the scenarios that a table of relations names."""

    def between(name: str, other: str, kpi: str) -> Relation:
        place = CRITERIA.index(kpi)
        if (name, other) in table:
            return table[name, other][place]
        return TURNED[table[other, name][place]]

    names = list(dict.fromkeys(name for pair in table for name in pair))
    return list(standings(names, lacking or {}, CRITERIA, between))


def test_dominated_efficient_and_open() -> None:
    """Worse in one and no better in any: dominated. Better in something than each other: efficient. Else open."""
    assert stand({("a", "b"): ("worse", "same", "same")}) == [
        Standing("a", "dominated", ("b",)), Standing("b", "efficient"),
    ]  # fmt: skip
    assert stand({("a", "b"): ("worse", "open", "same")}) == [
        Standing("a", "open", ("b",)), Standing("b", "efficient"),
    ]  # fmt: skip
    assert stand({("a", "b"): ("worse", "better", "open")}) == [Standing("a", "efficient"), Standing("b", "efficient")]
    assert stand({("a", "b"): ("same", "same", "same")}) == [Standing("a", "efficient"), Standing("b", "efficient")]
    assert stand({("a", "b"): ("open", "open", "open")}) == [
        Standing("a", "open", ("b",)), Standing("b", "open", ("a",)),
    ]  # fmt: skip


def test_what_is_withheld_neither_dominates_nor_is_dominated() -> None:
    """A scenario without a mean in a criterion is told so, and is no rival of the others."""
    found = stand(
        {("a", "b"): ("worse", "worse", "worse"), ("a", "c"): ("better",) * 3, ("b", "c"): ("better",) * 3},
        {"b": ["finish_days"]},
    )
    assert found[0] == Standing("a", "efficient")
    assert found[1] == Standing("b", "withheld", ("finish_days",))
    assert found[2] == Standing("c", "dominated", ("a",))


@pytest.mark.parametrize("relations", list(product(("better", "worse", "same", "open"), repeat=3)))
def test_dominance_is_never_mutual_and_never_rests_on_an_open_question(relations: tuple[Relation, ...]) -> None:
    """Over all 64 ways in which two may stand: at most one is dominated, and none where a criterion is open."""
    kinds = [one.kind for one in stand({("a", "b"): relations})]
    assert kinds.count("dominated") <= 1
    if "open" in relations:
        assert "dominated" not in kinds
