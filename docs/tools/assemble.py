"""Puts together the pages of the site: `python docs/tools/assemble.py out/pages`.

What the builder of the site gets is plain Markdown with links among its own pages, so that another builder can take its
place: pages of docs/ and the repository's own, examples and the notebook as pages, formulas as MathML.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from extras import extras
from folded import folded
from formulas import drawn
from links import led

ROOT = Path(__file__).parents[2]
COPIED = (".png", ".svg", ".css")
UNSOUGHT = "---\nsearch:\n  exclude: true\n---\n\n"
"""Above pages that a search does not look into: records of decisions."""


def assemble(root: Path, out: Path) -> int:
    """Writes the pages into a folder, which is emptied before; how many. Raises ValueError where a formula is none."""
    docs = root / "docs"
    files = sorted(path for path in docs.rglob("*") if path.is_file() and path.suffix in (".md", *COPIED))
    texts = {
        path.relative_to(root).as_posix(): (path.relative_to(docs).as_posix(), path.read_text(encoding="utf-8"))
        for path in files
        if path.suffix == ".md"
    } | extras(root)
    pages = {name: place for name, (place, _) in texts.items()}
    copied = {path.relative_to(root).as_posix(): path.relative_to(docs).as_posix() for path in files}
    shutil.rmtree(out, ignore_errors=True)
    for name, (place, text) in texts.items():
        page = out / place
        page.parent.mkdir(parents=True, exist_ok=True)
        above = UNSOUGHT if place.startswith("decisions/") else ""
        page.write_text(above + folded(drawn(led(text, name, place, copied | pages, root))), encoding="utf-8")
    for path in files:
        if path.suffix in COPIED:
            place_of = out / path.relative_to(docs)
            place_of.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place_of)
    return len(texts)


if __name__ == "__main__":
    print(f"{assemble(ROOT, Path(sys.argv[1]))} pages")
