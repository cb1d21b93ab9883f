"""The badge of a backtest in a profile on disk, where every forecast made from it finds it."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from ...sim.errors import DataRefused
from ...sim.files import write_text
from ..profile import block_text, read
from .backtest import Backtest
from .badge import Badge


def write_badge(path: Path, found: Backtest, badge: Badge) -> None:
    """Writes the badge into the profile at `path`, in place of one that it has; whole or not at all.

    Raises DataRefused where it is no profile, or one that was fitted to other files than the backtest read.
    """
    profile = read(path)
    digest = hashlib.sha256("".join(sorted(found.sources)).encode()).hexdigest()
    if profile.provenance.get("digest") != digest:
        raise DataRefused(
            f"{path.name}: was not fitted to the files of this backtest (their digest is {digest[:12]}.., and the "
            f"profile's {str(profile.provenance.get('digest'))[:12]}..). Calibrate from the same files, or leave "
            "--profile out."
        )
    stages = [name for name in profile.scenario.get("stages", {}) if name != "review"]
    if len(stages) > 1:
        raise DataRefused(
            f"{path.name}: is a line of several stages ({', '.join(stages)}), and a backtest knows lines of one. Leave "
            "--profile out."
        )
    text = path.read_text(encoding="utf-8")
    without = re.sub(r"(?m)^backtest:\n(?:[ -].*\n)*", "", text)
    head, fitted, rest = without.partition("\nfitted:")
    assert fitted, "a profile that could be read has a part that says what was fitted"
    write_text(path, f"{head}\n{block_text({'backtest': badge.book})}fitted:{rest}")
