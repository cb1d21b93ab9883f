"""Names of the numbers that are kept of a log."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from labelcast.sim.tally import sums


def test_no_name_stands_twice() -> None:
    """A second number of a name would take the place of the first, and be counted in its stead."""
    text = Path(str(sums.__file__)).read_text(encoding="utf-8")
    names = Counter(re.findall(r"^    ([A-Z_]+),", text, re.MULTILINE))
    assert len(names) > 70
    assert [name for name, times in names.items() if times > 1] == []
