"""Where the links of a repository's pages lead on the site.

Pages link to one another as files of the repository, so that a repository's browser can follow them. On the site some
of those files are pages at another place (README.md is readme.md), and some, the code, are not there at all.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from pathlib import Path

_FENCED = re.compile(r"^(?P<fence>```+|~~~+).*?^(?P=fence)[ ]*$|``.+?``|`[^`\n]+`", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?P<picture>!?)\[(?P<text>(?:[^\[\]]|\[[^\]]*\])*)\]\((?P<to>[^)\s]+)\)")


def led(text: str, here: str, there: str, pages: Mapping[str, str], root: Path) -> str:
    """A page's text with its links as the site has them.

    here: the page as a file of the repository.  there: the page as a file of the site.  pages: files of the site by
    those of the repository.  A link to a file that the site has not becomes its text; one to no file at all is left as
    it is, for the build to refuse.
    """

    def link(found: re.Match[str]) -> str:
        to, _, anchor = found["to"].partition("#")
        if not to or re.match(r"[a-z]+:", to):
            return found[0]
        target = posixpath.normpath(posixpath.join(posixpath.dirname(here), to))
        page = pages.get(target) or pages.get(f"{target}/README.md")
        if page is not None:
            way = posixpath.relpath(page, posixpath.dirname(there) or ".")
            return f"{found['picture']}[{found['text']}]({way}{'#' + anchor if anchor else ''})"
        return found["text"] if (root / target).exists() else found[0]

    return outside_code(text, lambda prose: _LINK.sub(link, prose))


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """The text with its prose changed and its code as it is. Code within the brackets of a link is the link's."""
    kept: list[str] = []

    def away(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f"\x02{len(kept) - 1}\x03"

    return re.sub("\x02(\\d+)\x03", lambda found: kept[int(found[1])], change(_FENCED.sub(away, text)))
