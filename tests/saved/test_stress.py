"""The STRESS-DES checklist: every item has an answer, and the answers are those of the run."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from small import SCENARIO

from labelcast.reports.assumptions import assumptions
from labelcast.reports.stress import ITEMS, Code, Table, stress, stress_html, stress_markdown
from labelcast.reports.stress.item import NOT_APPLICABLE
from labelcast.scenarios.library import scenarios
from labelcast.scenarios.load import load
from labelcast.scenarios.saved import Asked, Saved, save, sources
from labelcast.sim.replicate import replicate

WHEN = {"created_at": "2027-01-01T00:00:00+00:00", "command": "labelcast run small.yaml"}


def saved(path: Path, root: Path, profile: Path | None = None) -> Saved:
    runs = replicate(load(path, profile), 2, 1, 1)
    return save(root, Asked(2, 1, "fast"), sources(path, profile), runs, WHEN)


def answers(run: Saved) -> dict[str, str]:
    """The Markdown under each item, without blank lines."""
    parts = re.split(r"^### (\d\.\d) .*$", stress_markdown(run), flags=re.M)
    return {
        number: re.sub(r"^## .*$", "", text, flags=re.M).strip()
        for number, text in zip(parts[1::2], parts[2::2], strict=True)
    }


def test_the_checklist_has_its_twenty_items() -> None:
    """As in the source: three on objectives, five on logic, four on data, three on experiments, four on implementation,
    one on access."""
    assert Counter(number[0] for number in ITEMS) == {"1": 3, "2": 5, "3": 4, "4": 3, "5": 4, "6": 1}


@pytest.mark.parametrize("name", scenarios())
def test_every_item_of_every_library_scenario_is_answered(name: str, tmp_path: Path) -> None:
    """None is empty, no table is without rows; what does not apply says why."""
    run = saved(scenarios()[name], tmp_path)
    found = answers(run)
    assert list(found) == list(ITEMS)
    for number, text in found.items():
        assert len(text) > 30, number
        if text.startswith(NOT_APPLICABLE):
            assert len(text) > len(NOT_APPLICABLE) + 20
    for item in stress(run):
        for block in item.blocks:
            assert (
                block.rows if isinstance(block, Table) else (block.text if isinstance(block, Code) else block.strip())
            )


def test_the_answers_are_those_of_the_run(tmp_path: Path) -> None:
    """Seed, replications, goals, every value with who said it, versions, digests, and the diagram's arrows."""
    path = tmp_path / "small.yaml"
    path.write_text(SCENARIO)
    run = saved(path, tmp_path / "runs")
    found = answers(run)
    assert "40 items" in found["2.5"].replace("\\", "")
    assert "cost at most 500.00 EUR" in found["1.1"]
    assert found["2.3"].startswith(NOT_APPLICABLE)
    assert found["3.3"].startswith(NOT_APPLICABLE)
    assert f"{len(assumptions(run.line))} values" in found["3.2"]
    assert all(one.path.replace("_", "\\_") in found["3.2"] for one in assumptions(run.line))
    assert "2 independent replications" in found["4.3"]
    assert "Seed 1, replications 0 to 1." in found["5.2"]
    assert run.manifest.versions["numpy"] in found["5.1"]
    assert run.manifest.digest in found["6.1"]
    assert "labelcast run small.yaml" in found["5.3"]
    assert "s0 -->|labelled| deliver" in found["2.1"]


def test_a_fit_changes_and_what_is_extended_are_told(tmp_path: Path) -> None:
    """A fitted profile of the library, a change, and a file that is extended: none of the three is left out."""
    (tmp_path / "small.yaml").write_text(SCENARIO)
    path = tmp_path / "more.yaml"
    change = "changes: [{on: 2027-01-05, path: stages.annotate.time, factor: 0.9, why: tool}]"
    path.write_text(f"labelcast: 1\nname: more\nextends: small.yaml\n{change}\n")
    found = answers(saved(path, tmp_path / "runs", Path("library:sample_crowdflower")))
    assert "`more.yaml` extends `small.yaml`" in found["2.3"]
    assert "changes.stages.annotate.time" in found["2.3"]
    assert "7,200 rows, 2,400 items, 4 workers" in found["3.1"]
    assert not found["3.3"].startswith(NOT_APPLICABLE)


class _Cells(HTMLParser):
    """Counts what a page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags[tag] += 1


def test_names_break_neither_page_nor_table(tmp_path: Path) -> None:
    """Names with marks of HTML, Markdown and Mermaid (planted) stay names: no tag more, no cell more, no line more."""
    path = tmp_path / "small.yaml"
    path.write_text(SCENARIO)
    plain = saved(path, tmp_path / "runs")
    bad = '"bus|`*[x](y)<script>"'
    odd = tmp_path / "odd.yaml"
    odd.write_text(SCENARIO.replace("bus: 30%", f"{bad}: 30%").replace("name: small", 'name: "<b>a|b"'))
    run = saved(odd, tmp_path / "runs")
    text = stress_markdown(run)
    assert "<script>" not in text
    assert "<b>" not in text
    rows = [line for line in text.splitlines() if line.startswith("| work.items.classes")]
    assert rows
    assert all(len(re.findall(r"(?<!\\)\|", row)) in (3, 4) for row in rows)
    counts = []
    for one in (plain, run):
        page = _Cells()
        page.feed(stress_html(one))
        counts.append(page.tags)
    assert counts[0] == counts[1]
    assert counts[0]["h3"] == 20
