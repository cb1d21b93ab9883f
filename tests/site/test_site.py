"""The site as it is built: strict, alike to what a repository's browser shows, and nothing loaded from elsewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

markdown = pytest.importorskip("markdown", reason="the site's packages are not here: make site")
pytest.importorskip("mkdocs", reason="the site's packages are not here: make site")

pytestmark = pytest.mark.docs

ROOT = Path(__file__).parents[2]
ALIKE = ("h1", "h2", "h3", "h4", "li", "ol", "ul", "table", "tr", "td", "pre", "blockquote", "img", "math")
LOADS = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src", "object": "data"}


class Tags(HTMLParser):
    """How many of each element there are, and what of them is loaded."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[str] = Counter()
        self.loaded: list[str] = []
        self.linked: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.counts[tag] += 1
        found = dict(attrs)
        if tag in LOADS and found.get("rel") != "canonical":
            self.loaded.append(found.get(LOADS[tag]) or "")
        self.loaded += re.findall(r"url\(([^)]*)\)", found.get("style") or "")


def tags(html: str) -> Tags:
    found = Tags()
    found.feed(html)
    return found


def built(pages: Path, site: Path) -> subprocess.CompletedProcess[str]:
    """The site of a folder of pages, built as `make site` does."""
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    settings = settings.replace("docs_dir: out/pages", f"docs_dir: {pages}")
    settings = settings.replace("site_dir: out/site", f"site_dir: {site}")
    file = pages.parent / f"{pages.name}.yml"
    file.write_text(settings, encoding="utf-8")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--config-file", str(file)]
    done = {"NO_MKDOCS_2_WARNING": "1", "PATH": ""}
    return subprocess.run(command, capture_output=True, text=True, env=done)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The assembled pages."""
    out = tmp_path_factory.mktemp("site") / "pages"
    assert assemble(out).returncode == 0
    return out


def assemble(out: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "docs" / "tools" / "assemble.py"), str(out)]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.fixture(scope="module")
def site(pages: Path) -> Path:
    """The site of them."""
    done = built(pages, pages.parent / "site")
    assert done.returncode == 0, done.stdout + done.stderr
    return pages.parent / "site"


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    """No script, style, font, picture or frame of a page or a style sheet has an address of another machine; and no
    page has what the look's own scripts would fetch something for (diagrams, a repository's stars)."""
    seen = 0
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        found = tags(text)
        assert [where for where in found.loaded if re.match(r"(https?:)?//", where)] == [], page
        assert 'class="mermaid"' not in text, page
        assert "data-md-component=source" not in text, page
        seen += len(found.loaded)
    assert seen > 500
    for sheet in site.rglob("*.css"):
        assert re.findall(r"url\([\"']?(?:https?:)?//|@import", sheet.read_text(encoding="utf-8")) == [], sheet


def test_a_page_that_loads_from_elsewhere_is_seen() -> None:
    """Planted: a font, a picture behind a style, and what is only a link."""
    text = (
        '<link rel="stylesheet" href="https://a.b/c.css"><p style="background: url(//a.b/c.png)"><a href="https://a.b">'
    )
    assert tags(text).loaded == ["https://a.b/c.css", "//a.b/c.png"]


def test_a_broken_link_fails(tmp_path: Path) -> None:
    """Planted: a link to no page, and one to no place of a page."""
    pages = tmp_path / "pages"
    (pages / "tools").mkdir(parents=True)
    nav = [line.split(": ")[-1].strip(" -") for line in (ROOT / "mkdocs.yml").read_text().splitlines() if ".md" in line]
    for name in nav:
        (pages / name).parent.mkdir(exist_ok=True)
        (pages / name).write_text(f"# {name}\n", encoding="utf-8")
    whole = built(pages, tmp_path / "whole")
    assert whole.returncode == 0, whole.stderr
    (pages / "budget.md").write_text("# Budget\n\n[a](nothing.md) [b](compare.md#nowhere)\n", encoding="utf-8")
    done = built(pages, tmp_path / "broken")
    assert done.returncode != 0
    assert "nothing.md" in done.stderr
    assert "#nowhere" in done.stderr


def test_pages_read_alike_in_a_repository(pages: Path) -> None:
    """A page has as many headings, lists, rows and blocks as CommonMark with tables has: the site's builder
    reads an older Markdown, in which a list right after a line of text, or a table not far enough in, is none."""
    from markdown_it import MarkdownIt

    ours = markdown.Markdown(extensions=["tables", "sane_lists", "pymdownx.superfences"])
    theirs = MarkdownIt("commonmark").enable("table")
    wrong = {}
    for page in sorted(pages.rglob("*.md")):
        text = re.sub(r"\A---\n.*?^---\n", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
        one, other = tags(ours.reset().convert(text)).counts, tags(theirs.render(text)).counts
        apart = {tag: (one[tag], other[tag]) for tag in ALIKE if one[tag] != other[tag]}
        if apart:
            wrong[page.relative_to(pages).as_posix()] = apart
    assert wrong == {}, "elements on the site, and in a repository's browser"


def test_formulas_are_drawn_without_a_script(pages: Path) -> None:
    """Each formula of the method is MathML, all of whose commands were known."""
    source = (ROOT / "docs" / "method.md").read_text(encoding="utf-8")
    asked = sum(len(fence.strip().splitlines()) for fence in re.findall(r"```math\n(.*?)```", source, re.DOTALL))
    text = (pages / "method.md").read_text(encoding="utf-8")
    assert text.count("<math") == asked >= 10
    assert "```math" not in text


def test_an_unknown_command_of_a_formula_is_refused() -> None:
    """Planted: it would be drawn as its name."""
    from formulas import drawn

    with pytest.raises(ValueError, match="nonsense is no command"):
        drawn("```math\na = \\nonsense b\n```\n")
