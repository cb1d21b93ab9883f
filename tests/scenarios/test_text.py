"""What stands in a file before any key is read: bytes, nesting, aliases, and where each value stands."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from short_scenario import SHORT, refusal

from labelcast.scenarios.nodes import Listing, Mapping, Node, Scalar
from labelcast.scenarios.problems import Problems
from labelcast.scenarios.text import LARGEST, compose

HOSTILE = {
    "sequences": b"[" * LARGEST,
    "mappings": b"{a: " * (LARGEST // 4),
    "block lists": b"- " * (LARGEST // 2),
    "keys": b"? " * (LARGEST // 2),
    "anchors": b"&a " * (LARGEST // 3),
    "tags": b"!" * LARGEST,
    "quotes": b"'" * LARGEST,
    "colons": b":" * LARGEST,
    "values": b"- a\n" * (LARGEST // 4),
    "many keys": b"".join(b"k%d: 1\n" % number for number in range(90_000)),
    "bomb": b"a: &a [x, x, x, x, x, x, x, x, x, x]\n"
    + b"".join(b"%c: &%c [" % (98 + i, 98 + i) + b", ".join([b"*%c" % (97 + i)] * 10) + b"]\n" for i in range(20)),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_files_are_refused_at_once(kind: str) -> None:
    """A megabyte made to exhaust a parser is refused within two seconds of processor time, without a traceback."""
    problems = Problems()
    begun = time.process_time()
    assert compose(HOSTILE[kind], "file", problems) is None
    assert time.process_time() - begun < 2.0
    assert len(problems.found) == 1


def test_files_that_are_no_files_are_refused(tmp_path: Path) -> None:
    """A folder, a link, a pipe, a file too large and no file: each is told, none is waited for."""
    (tmp_path / "real.yaml").write_text(SHORT)
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "link.yaml").symlink_to(tmp_path / "real.yaml")
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "large.yaml").write_bytes(b"#" * (LARGEST + 1))
    told = {name: _refused(tmp_path / f"{name}.yaml") for name in ("folder", "link", "pipe", "large", "nothing")}
    assert "this is a folder" in told["folder"]
    assert "this is a link to" in told["link"]
    assert "a device or a pipe" in told["pipe"]
    assert "at most 1,048,576 bytes" in told["large"]
    assert "no such file" in told["nothing"]


def _refused(path: Path) -> str:
    from labelcast.scenarios.load import load
    from labelcast.sim.errors import ScenarioRefused

    with pytest.raises(ScenarioRefused) as refused:
        load(path)
    assert refused.value.exit_code == 2
    return str(refused.value)


def test_scalars_stay_text() -> None:
    """Nothing is read as a number, a date, a truth value or a sum of sixties, whatever it looks like."""
    words = ["50_000", "0x10", "1e3", "09:00", "2027-01-04", "yes", "no", "true", "0o7", "1.0", "=", "2..12"]
    problems = Problems()
    tree = compose("\n".join(f"k{i}: {word}" for i, word in enumerate(words)).encode(), "f", problems)
    assert tree is not None
    assert not problems.found
    assert [node.text for node in tree.entries.values() if isinstance(node, Scalar)] == words


@pytest.mark.parametrize("prefix", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_marks_point_at_the_text(prefix: bytes, newline: str) -> None:
    """At each scalar's line and column stands the scalar, with a byte order mark and Windows line ends, too."""
    problems = Problems()
    tree = compose(prefix + SHORT.replace("\n", newline).encode(), "file", problems)
    assert tree is not None
    lines = SHORT.splitlines()
    seen = 0
    todo: list[Node] = [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, Scalar):
            assert lines[node.mark.line - 1][node.mark.column - 1 :].lstrip('"').startswith(node.text)
            seen += 1
        elif isinstance(node, Mapping):
            for key, mark in node.keys.items():
                assert lines[mark.line - 1][mark.column - 1 :].startswith(key)
            todo += node.entries.values()
        else:
            assert isinstance(node, Listing)
            todo += node.items
    assert seen > 20


def test_an_alias_points_at_its_anchor(tmp_path: Path) -> None:
    """What an alias repeats is wrong where it was written."""
    text = SHORT.replace("time: 42 s", "time: &t 42").replace("time: 10 s", "time: *t")
    lines = refusal(tmp_path, text).splitlines()
    assert [line.split("scenario.yaml:")[1].split("  ")[0] for line in lines] == ["13:35", "13:35"]
    assert ["stages.annotate.time" in line or "stages.review.time" in line for line in lines] == [True, True]


def test_only_so_many_problems_are_told(tmp_path: Path) -> None:
    """Of thousands of problems the first hundred are told, and how many more there are."""
    text = SHORT.replace("currency", "\n".join(f"wrong{number}: 1" for number in range(1000)) + "\ncurrency", 1)
    lines = refusal(tmp_path, text).splitlines()
    assert len(lines) == 101
    assert lines[-1] == "... and 900 more problems."
