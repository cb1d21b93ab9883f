"""The page of the benchmarks, from figures made up here."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import Any

from page import machine, write


def measures(cpu_s: float, peak_mb: float) -> list[dict[str, Any]]:
    """Three rounds of one engine."""
    return [
        {"cpu_s": cpu_s * factor, "peak_mb": peak_mb, "mean_min": 19.5, "events": 50_000} for factor in (1.0, 1.1, 0.8)
    ]


def figures() -> dict[str, Any]:
    """Two engines of ours and a rival, in all parts."""
    both = {"kernel": measures(0.02, 200.0), "reference": measures(1.0, 400.0)}
    return {
        "fastest": "kernel",
        "common": {10_000: {**both, "heap": measures(0.04, 40.0)}, 100_000: {"kernel": measures(0.2, 210.0)}},
        "full": {60: both},
        "long": {60: {"kernel": measures(0.5, 300.0)}},
        "memory": {"kernel": {10_000: 200.0, 10_000_000: 210.0}},
        "at_once": {"common": {"cpu_s": 2.0}, "backlog": {"cpu_s": 1.8}},
        "hundred": {"kernel": {"cpu_s": 0.015}},
        "equality": {"rows_equal": 123_456, "rows_different": 7},
        "startup": {"labelcast_run_s": 1.0, "import_labelcast_s": 0.1, "warm_run_s": 0.4, "cold_run_s": 20.0},
    }


def test_the_page_says_what_was_measured(tmp_path: Path) -> None:
    """Rates, ratios with their range, memory, and rows that differ; twice the same bytes."""
    (tmp_path / "images").mkdir()
    write(figures(), tmp_path)
    page, picture = (tmp_path / "engines.md").read_text(), (tmp_path / "images" / "engines.svg").read_bytes()
    rival = "| 10,000 | plain heapq loop | 0.04 | 250,000 | 874,000 | 40 | 2 (2 to 2) | 19.50 |"
    assert rival in page
    assert "| 60 | labelcast, reference | 10,000 | 50,000 | 50 (50 to 50) |" in page
    assert "| 60 | labelcast, kernel, with log | 200,000 | 100,000 |  |" in page
    assert "| rows that differ | 7 |" in page
    assert "CPU s by those of arrivals | 0.90 |" in page
    assert "common model, CPU s: labelcast, kernel, with log | 1.5 |" in page
    write(figures(), tmp_path)
    assert (tmp_path / "engines.md").read_text() == page
    assert (tmp_path / "images" / "engines.svg").read_bytes() == picture


def test_the_machine_is_described_without_its_name() -> None:
    """Processor, versions and commit, and no name of a host or a folder."""
    told = machine()
    assert "cores" in told
    assert "Commit" in told
    assert platform.node() not in told
