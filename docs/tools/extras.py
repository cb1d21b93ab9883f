"""Pages of the site that are no Markdown of docs/: the repository's own, the examples, the notebook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

WHOLE = {"README.md": "readme.md", "CHANGELOG.md": "changelog.md", "examples/README.md": "examples/index.md"}
"""Pages of the repository, by their place on the site."""


def extras(root: Path) -> dict[str, tuple[str, str]]:
    """Place on the site and text of each, by the file of the repository that it is made of."""
    pages = {name: (place, (root / name).read_text(encoding="utf-8")) for name, place in WHOLE.items()}
    for file in sorted((root / "examples").glob("*.yaml")):
        text = file.read_text(encoding="utf-8")
        pages[f"examples/{file.name}"] = (f"examples/{file.stem}.md", f"# {file.name}\n\n```yaml\n{text}```\n")
    book = json.loads((root / "docs" / "tour.ipynb").read_text(encoding="utf-8"))
    pages["docs/tour.ipynb"] = ("tour.md", notebook(book))
    return pages


def notebook(book: dict[str, Any]) -> str:
    """A notebook as Markdown: its text, its code, and what stands below the code."""
    parts: list[str] = []
    for cell in book["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(source)
            continue
        parts.append(f"```python\n{source}\n```")
        parts += [text for output in cell["outputs"] if (text := _shown(output))]
    return "\n\n".join(parts) + "\n"


def _shown(output: dict[str, Any]) -> str:
    if output["output_type"] == "stream":
        return f"```text\n{''.join(output['text'])}```"
    data = {kind: "".join(text) for kind, text in output["data"].items()}
    if "image/png" in data:
        return f'<img alt="What the cell draws" src="data:image/png;base64,{data["image/png"].strip()}">'
    if "image/svg+xml" in data:
        return _block(data["image/svg+xml"][data["image/svg+xml"].index("<svg") :])
    if "text/html" in data:
        return _block(data["text/html"])
    return f"```text\n{data['text/plain']}\n```"


def _block(html: str) -> str:
    """HTML that Markdown leaves alone: without blank lines, in one element."""
    return '<div class="cell">' + "\n".join(line for line in html.splitlines() if line.strip()) + "</div>"
