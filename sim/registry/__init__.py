"""The registry of KPIs: their names, units, direction, owner, meaning, and the columns of a log that each one needs.

Names: `<kpi>` for the whole, `<kpi>.<stage>`, `<kpi>.<stage>.<part>`, `<kpi>.<pool>`, `<kpi>.<window>`,
`<kpi>.<chart>`, and `<kpi>.segment.<segment>`. To add a KPI is an entry here and a number in sim/kpis.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from . import chances, flow, items, money, people, quality
from .kpi import MONEY, OWNERS, Kpi, Owner

__all__ = ["MONEY", "OWNERS", "REGISTRY", "Kpi", "Owner", "kpi_of", "names_of", "registry_page", "unit_of"]

REGISTRY: tuple[Kpi, ...] = (*money.KPIS, *items.KPIS, *quality.KPIS, *flow.KPIS, *people.KPIS, *chances.KPIS)
"""Every KPI. Those that start with p_ are made over replications, from goals and windows; kpis() gives all others."""

_BY_NAME = {kpi.name: kpi for kpi in REGISTRY}


@lru_cache(maxsize=4096)  # every replication asks for the same names
def kpi_of(name: str) -> Kpi:
    """The registry's entry for a KPI's name, such as wait_h.review.off_shift. KeyError when there is none."""
    if name in _BY_NAME:
        return _BY_NAME[name]
    head, _, rest = name.partition(".")
    part = rest.rpartition(".")[2]
    patterns = [f"{head}.segment.<segment>"] if rest.startswith("segment.") and rest != "segment." else []
    patterns += [f"{head}.<stage>.{part}"] if part != rest else []
    for pattern in (*patterns, f"{head}.<stage>", f"{head}.<pool>", f"{head}.<window>", f"{head}.<chart>"):
        if rest and pattern in _BY_NAME:
            return _BY_NAME[pattern]
    raise KeyError(name)


def unit_of(name: str, currency: str) -> str:
    """Unit of a KPI, with the currency in place: "EUR", "EUR/label", "share", "h"; "" for a bare number."""
    return kpi_of(name).unit.replace(MONEY, currency)


def names_of(
    stages: Mapping[str, str],
    pools: Sequence[str],
    segments: Sequence[str],
    windows: Sequence[str] = (),
    charts: Sequence[str] = (),
) -> list[str]:
    """Names of all KPIs of a line, chances included, in the order of the registry. stages: kind by name."""
    found: list[str] = []
    for kpi in REGISTRY:
        fits = [stage for stage, kind in stages.items() if not kpi.kinds or kind in kpi.kinds]
        of_line = (("<pool>", pools), ("<segment>", segments), ("<window>", windows), ("<chart>", charts))
        for word, words in (("<stage>", fits), *of_line):
            if word in kpi.name:
                found += [kpi.name.replace(word, name) for name in words]
                break
        else:
            found.append(kpi.name)
    return found


def registry_page() -> str:
    """The page docs/kpis.md."""
    rows = [
        f"| `{kpi.name}` | {kpi.unit.replace(MONEY, 'currency') or '-'} | {kpi.better} | {kpi.owner} | "
        f"{kpi.sentence} | {', '.join(f'`{column}`' for column in kpi.columns) or 'all replications'} |"
        for kpi in REGISTRY
    ]
    return "\n".join([_PAGE_HEAD, *rows, ""])


_PAGE_HEAD = """# KPIs

Written by `registry_page()` of `sim/registry`; a test holds the two together.

A value is NaN (`null` in JSON) when it cannot be computed: a column is not recorded, or there is nothing to average.
Times are in the log's own clock, from its origin. `<stage>`, `<pool>`, `<segment>`, `<window>` and `<chart>` stand
for names of the line; what is told by segment is named `<kpi>.segment.<segment>`. Items that were dropped count neither
as delivered nor as unfinished; test questions and late labels are labour, and no items. An item that goes back after
its delivery, to be labelled anew, counts by its last delivery alone, and is open until then.

Owner: who answers for it. The program manager: what is delivered, and when. Finance: what it costs. The team lead: how
work flows, and how people's time is used. The quality lead: how right labels are, and what is done for it. The
scorecard of a report has a table for each.

| name | unit | better | owner | meaning | needs |
|---|---|---|---|---|---|"""
