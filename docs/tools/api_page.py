"""Writes docs/api.md from the docstrings of the public names: python docs/tools/api_page.py. A test holds the two."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any, get_type_hints

import labelcast

PAGE = Path(__file__).parents[1] / "api.md"
_HEAD = """# labelcast from Python

Written by `python docs/tools/api_page.py` from the docstrings; do not edit.

```python
import labelcast as lc

plan = lc.load("in-house")  # or a file of your own
lc.run(plan)
```

Each question is a function of the command's name, with its options and defaults, and gives the same numbers on the
same seed. Options that a command takes as text are the same text here. A scenario (`Asked`) is a file, the name of
one that comes with labelcast, or what `load` gave; `Words` are one text or several. An answer shows its sentences
in a console and its tables in a notebook. Every answer has `.sentences`, `.text` (what the command prints) and
`.frame` (pandas, nothing rounded), most have `.data` (what `--json` prints) and `.plot()` (matplotlib). [The
tour](tour.ipynb) shows what that looks like.

What a user did wrong is raised as `labelcast.Refused`, with every problem and how to mend it.
"""
_NAMES = r"\w+(?:, \w+)*(?=: )"
_OPTION = re.compile(rf"^(?={_NAMES})|(?<=\.)  (?={_NAMES})", re.MULTILINE)


def page() -> str:
    """The page: questions in the order of the alphabet, then what is beneath them."""
    found = {name: getattr(labelcast, name) for name in labelcast.__all__}
    asked = {name: one for name, one in found.items() if _answer(one) is not None}
    parts = [_HEAD, "## Questions\n", *(_section(name, one) for name, one in asked.items())]
    parts += ["## Beneath them\n", *(_section(name, one) for name, one in found.items() if name not in asked)]
    return "\n".join(parts)


def _section(name: str, one: Any) -> str:
    parts = [f"### {name}\n", f"```python\n{_signature(name, one)}\n```\n", _prose(inspect.getdoc(one) or "")]
    answer = _answer(one)
    if answer is not None and isinstance(getattr(answer, "frame", None), property):
        parts.append(f"Its answer: {_one_line(answer)}\n\n`.frame`: {_one_line(answer.frame)}\n")
    return "\n".join(parts)


def _answer(one: Any) -> Any:
    """The class of what a question gives; None of what is none."""
    if inspect.isclass(one) or not inspect.getmodule(one).__name__.startswith("labelcast.answers."):
        return None
    return get_type_hints(one, vars(inspect.getmodule(one)) | _types(one))["return"]


def _types(one: Any) -> dict[str, Any]:
    """Names that its module knows to a checker of types alone."""
    return {"Figure": object}


def _signature(name: str, one: Any) -> str:
    """A parameter a line, types as they are written."""
    found = inspect.signature(one)
    words = [re.sub(r": '([^']*)'", r": \1", str(parameter)) for parameter in found.parameters.values()]
    keyword = [k for k, parameter in enumerate(found.parameters.values()) if parameter.kind is parameter.KEYWORD_ONLY]
    if keyword:
        words.insert(keyword[0], "*")
    end = "" if inspect.isclass(one) else f" -> {found.return_annotation}"
    return f"{name}(\n" + "".join(f"    {word},\n" for word in words) + f"){end}"


def _prose(text: str) -> str:
    """A docstring as Markdown: options become a list, indented lines stay code."""
    parts = []
    for paragraph in text.split("\n\n"):
        if paragraph.startswith("    "):
            code = re.sub(r"(?<=\S) {2,}# ", "  # ", inspect.cleandoc(paragraph))
            parts.append(f"```python\n{code}\n```\n")
            continue
        lead, *options = _OPTION.split(paragraph) if re.search(rf"^{_NAMES}", paragraph, re.MULTILINE) else [paragraph]
        if lead.strip():
            parts.append(lead.strip() + "\n")
        if options:
            parts.append("".join(re.sub(rf"^({_NAMES})", r"- `\1`", " ".join(one.split())) + "\n" for one in options))
    return "\n".join(parts)


def _one_line(one: Any) -> str:
    return " ".join((inspect.getdoc(one) or "").split())


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
