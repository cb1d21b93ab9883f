"""Whatever stands in a file: a line, or a refusal that names a place; never another exception."""

from __future__ import annotations

import random
import re
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labelcast.scenarios.load import load
from labelcast.sim.errors import Refused
from labelcast.sim.plan import Plan

CASES = Path(__file__).parents[1] / "cases" / "valid"
TEXTS = [path.read_text(encoding="utf-8") for path in sorted(CASES.glob("*.yaml"))]
WORDS = [
    *("0", "-1", "1e999", "nan", ".inf", "~", "null", "true", "[]", "{}", "[team]", "{a: b}", '""', "'", "&a", "*a"),
    *("0 s", "-3 s", "1e9 weeks", "100%", "0%", "101%", "33.3%", "5 EUR", "1e-9 EUR", "1_0 items", "items", "always"),
    *("7 x 0%", "24 x 1", "40/hour", "2%/week", "20%/year", "FR", "DE-BY", "2027-12-24..2027-12-31", "releases.csv"),
    *("stages.annotate.time", "pools.team.headcount", "prelabel", "inspect", "dedup", "work", "yes", "no", "30 tasks"),
    *("deliver", "annotate", "review", "adjudicate", "2027-03-28T02:30", "0001-01-01", "9999-12-31", "UTC", "Europe"),
    *("00:00-24:00", "Mon-Sun", "|", ">", "? a", "- a", "%YAML 1.1", "---", "...", "\t", "\x00", "\u202e", "😀", "é"),
    *(">= 97%", "P(accuracy >= 97%) >= 80%", "P(", "../..", "/", ".", "extends: minimal.yaml", "next: {tied: deliver}"),
]  # fmt: skip


def read(data: bytes) -> bool:
    """Whether the bytes are a line, or are refused with problems that all begin with a place."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "any.yaml"
        path.write_bytes(data)
        problems: tuple[str, ...] = ()
        try:
            line = load(path)
        except Refused as refused:
            problems = refused.problems
        else:
            return Plan.of(line).line is line
    for problem in problems:
        assert re.match(r".*\.(yaml|csv):\d+:\d+  \S|\.\.\. and \d+ more", problem), problem
        assert "\n" not in problem
    return bool(problems)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    """Random bytes."""
    assert read(data)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="[]{}:,-?&*!|>'\"%#@` \n\tab0", max_size=80))
def test_any_yaml_like_text(text: str) -> None:
    """Text made of the signs that mean something in YAML."""
    assert read(text.encode())


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(TEXTS), st.integers(0, 2**32), st.integers(1, 4))
def test_any_change_of_a_valid_file(text: str, seed: int, changes: int) -> None:
    """Valid files with words replaced, lines dropped or doubled, and signs changed."""
    luck = random.Random(seed)
    for _ in range(changes):
        lines = text.split("\n")
        match luck.randrange(5):
            case 0:
                words = list(re.finditer(r"[^\s,\[\]{}:]+", text)) or [re.match("", text)]
                word = luck.choice(words)
                assert word is not None
                text = text[: word.start()] + luck.choice(WORDS) + text[word.end() :]
            case 1:
                del lines[luck.randrange(len(lines))]
                text = "\n".join(lines)
            case 2:
                lines.insert(luck.randrange(len(lines) + 1), luck.choice(lines))
                text = "\n".join(lines)
            case 3:
                at = luck.randrange(len(text) + 1)
                text = text[:at] + luck.choice("[]{}:,-?&*!|>'\"% \n") + text[at:]
            case 4:
                first, second = luck.choice(lines), luck.choice(TEXTS).split("\n")
                text = text.replace(first, luck.choice(second), 1)
        text = text or "a"
    assert read(text.encode("utf-8", "replace"))
