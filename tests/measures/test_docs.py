"""The page of KPIs says what the registry says."""

from __future__ import annotations

from pathlib import Path

from labelcast.sim.registry import REGISTRY, registry_page

PAGE = Path(__file__).parents[2] / "docs" / "kpis.md"


def test_page_is_the_registry() -> None:
    """docs/kpis.md is what registry_page() writes; `python -m labelcast.sim.registry > docs/kpis.md` writes it anew."""
    assert PAGE.read_text(encoding="utf-8") == registry_page()


def test_every_kpi_is_explained() -> None:
    """Names are unique, sentences end, and no cell of the table breaks it."""
    assert len({kpi.name for kpi in REGISTRY}) == len(REGISTRY)
    for kpi in REGISTRY:
        assert kpi.sentence.endswith(".")
        assert "|" not in kpi.sentence
