"""The comparison of pages and commands sees what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from labelcast.sim.engines import ENGINES, prepare

from .blocks import blocks, commands
from .running import run
from .shown import astray, same

PRINTED = "cost  8,885 ± 562 EUR\nfinish    7.22 days\n\naccuracy  97.95%\nnote\n"


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        (PRINTED, None),
        ("cost 8,886 ± 562 EUR\n...\n", None),
        ("cost 8,885 ...\n...\nnote\n", None),
        ("cost 8,885 ± 562 E...\n...\n", None),
        ("cost 8,8...\n...\n", "the page shows 'cost 8,8...'"),
        ("...\naccuracy 97.95%\n...\n", None),
        ("...\n", None),
        ("cost 8,888 ± 562 EUR\n...\n", "the page shows 'cost 8,888"),
        ("cost 8,885 ± 562 USD\n...\n", "the page shows 'cost 8,885 ± 562 USD'"),
        ("cost 8,885 ± 562 EUR\naccuracy 97.95%\n...\n", "where is printed 'finish"),
        ("finish 7.22 days\n...\n", "where is printed 'cost"),
        ("...\nfinish 7.22 days\n", "the page ends before 'accuracy"),
        ("...\nnote\ncost 8,885 ± 562 EUR\n", "nothing more"),
        ("...\nnote\n...\nfinish 7.22 days\n...\n", "the page shows 'finish"),
    ],
)
def test_what_is_stale_is_seen(shown: str, found: str | None) -> None:
    """Lines, words, numbers, their order, and what is left out without saying so."""
    why = astray(shown, PRINTED)
    assert why is None if found is None else why is not None and found in why


def test_a_number_stands_in_its_place() -> None:
    """A number may be off by one in its last digit, where a number stands."""
    assert same("P80  9,937 EUR", "P80 9,936 EUR")
    assert not same("P80 9,937 EUR", "P80 none")
    assert not same("7.2 days", "7.22 days later")


PAGE = """
```
labelcast check in-house   # comment
labelcast run nothing.yaml   # exit code 2
```

```text
nothing.yaml: ...
```
"""


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("", "", []),
        ("exit code 2", "fails", ["4: labelcast run nothing.yaml ended with exit code 2"]),
        ("check in-house", "check in-hose", ["3: labelcast check in-hose ended with exit code 2"]),
        ("nothing.yaml: ...\n", "nothing.yaml: fine\n", ["7: the page shows 'nothing.yaml: fine'"]),
        ("```text", "Prose.\n\n```text", ["9: output without a command right before it"]),
        ("labelcast run nothing.yaml   # exit code 2", "make nothing", ["4: make nothing", "7: the page shows"]),
    ],
)
def test_a_planted_fault_fails(
    old: str, new: str, found: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command that ends otherwise, and output that is not what is printed, are told with their line."""
    prepare(ENGINES[0])
    wrong = run(PAGE.replace(old, new, 1), tmp_path, monkeypatch)
    assert len(wrong) == len(found)
    assert all(why.startswith(told) for why, told in zip(wrong, found, strict=True)), wrong


def test_blocks_are_read_as_a_reader_reads_them() -> None:
    """Files have their titles, commands go on after a backslash, and comments are none."""
    text = '```yaml title="a.yaml"\nname: a\n```\n\n'
    text += '  ```\n  labelcast run a.yaml \\\n      -n 5 > "b c"  # exit code 6\n  ```\n'
    file, typed = blocks(text)
    assert (file.title, file.text) == ("a.yaml", "name: a\n")
    (command,) = commands(typed)
    assert (command.words, command.code, command.into) == (("labelcast", "run", "a.yaml", "-n", "5"), 6, "b c")
    assert commands(file) == []
