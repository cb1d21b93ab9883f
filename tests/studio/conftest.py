"""One studio for all tests of this folder, which ends with them, whatever happens. Without Chromium or the extra they
skip, and say so."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from browsing import LONG_MS, Heard, missing, serious

SCENARIO = Path(__file__).parent / "line.yaml"


@dataclass
class Server:
    """A studio under way. log: what it says."""

    url: str
    log: Path


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The command, as a person starts it, on a free port of this machine."""
    if why := missing("streamlit"):
        pytest.skip(why)
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    log = tmp_path_factory.mktemp("studio") / "server.log"
    command = [sys.executable, "-c", "from labelcast.cli import main; main()", "studio", str(SCENARIO)]
    with log.open("w") as out:
        process = subprocess.Popen(
            [*command, "--port", str(port), "--no-browser"], stdout=out, stderr=out, start_new_session=True
        )
    try:
        _wait(port, process, log)
        yield Server(f"http://127.0.0.1:{port}/", log)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(5)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 600  # the engine may have to be compiled
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the studio did not start:\n{log.read_text()}")


@dataclass
class Page:
    """A page of the studio."""

    page: Any
    url: str
    heard: Heard

    def open(self, query: str = "") -> Page:
        """Opens the studio and waits for an answer, or a refusal."""
        self.page.goto(f"{self.url}{query}")
        self.page.wait_for_selector("#answer, #problems, #comparison, #search")
        return self

    def answered(self, moves: str = "", done: bool = False) -> Any:
        """Waits for the answer to these moves; its element."""
        end = '[data-done="true"]' if done else ""
        return self.page.wait_for_selector(f'#answer[data-moves="{moves}"]{end}')

    def slider(self, name: str) -> Any:
        """A lever, by the beginning of its label."""
        return self.page.get_by_role("slider", name=name)

    def serious(self) -> list[str]:
        """Violations that axe-core calls serious or critical."""
        return serious(self.page)


@pytest.fixture
def page(browser: Any, studio: Server, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A fresh page. Parametrise it with options of the browser's context: viewport, color_scheme. No test may leave an
    error on the console, or ask anything of another machine."""
    context = browser.new_context(accept_downloads=True, **getattr(request, "param", {}))
    context.set_default_timeout(LONG_MS)
    found = Page(
        context.new_page(), studio.url, Heard((studio.url, studio.url.replace("http", "ws"), "data:", "blob:"))
    )
    found.heard.listen(found.page)
    yield found
    context.close()
    found.heard.nothing()
