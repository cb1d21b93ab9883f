"""How quick the studio is, in a real browser: from a lever to the answer on the screen, and from an address to a page.

Starts the studio on a line of 20,000 items, on this machine alone, opens it in Chromium without a window, moves levers
one step at a time, and ends both. `--json` prints one line for scripts: slider_s_p50 and slider_s_p95 (seconds from the
key that moves a lever to an answer for it on the screen), load_s (median from the address to the page's levers, in a
browser that has been there), answer_s (to its first answer), axe_serious (violations that axe-core calls serious or
critical), console_errors, outside (requests to other machines) and replications (behind the first answers, median).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

LINE = """
labelcast: 1
name: twenty thousand
start: 2027-01-04T09:00
timezone: Europe/Paris
currency: EUR
work:
  images:
    backlog: 20_000 items
    classes: {car: 70%, truck: 20%, bus: 10%}
    difficulty: {spread: 1.0, attractor: 3}
    due: 15 days
calendars:
  office: {days: Mon-Fri, hours: "09:00-13:00, 14:00-18:00"}
pools:
  annotators:
    {headcount: 20, calendar: office, shrinkage: 15%, skill: {accuracy: 92%, spread: 0.4}, pay: {hourly: 26 EUR}}
  vendor:
    {headcount: 12, calendar: office, shrinkage: 10%, skill: {accuracy: 89%, spread: 0.5}, pay: {per_label: 0.40 EUR}}
  reviewers: {headcount: 8, calendar: office, shrinkage: 15%, skill: {accuracy: 97%}, pay: {hourly: 34 EUR}}
stages:
  annotate:
    pools: {annotators: 60%, vendor: 40%}
    labels_per_item: 2
    time: {lognormal: {median: 45 s, p95: 150 s}}
  review:
    pools: [reviewers]
    fraction: 25%
    time: {lognormal: {median: 15 s, p95: 45 s}}
    on_reject: {to: annotate, rounds: 2, then: adjudicate}
  adjudicate: {pools: [reviewers], time: {lognormal: {median: 90 s, p95: 300 s}}}
goals: {deadline: 2027-01-29, accuracy: ">= 95%", budget: 30_000 EUR}
"""

LONG_MS = 300_000

ANSWER = """
() => new Promise(done => {
  const seen = document.querySelector('#answer')?.dataset.moves
  const begun = performance.now()
  const look = () => {
    const now = document.querySelector('#answer')
    if (now && now.dataset.moves !== seen)
      requestAnimationFrame(() => done([performance.now() - begun, Number(now.dataset.replications)]))
    else requestAnimationFrame(look)
  }
  look()
})
"""
"""Milliseconds until an answer for other moves was painted, counted from now, and its replications."""


@contextmanager
def studio(folder: Path) -> Iterator[str]:
    """The address of a studio on the line, which ends with the block."""
    path = folder / "twenty-thousand.yaml"
    path.write_text(LINE)
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    command = [sys.executable, "-c", "from labelcast.cli import main; main()", "studio", str(path)]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [*command, "--port", str(port), "--no-browser"], stdout=log, stderr=log, start_new_session=True
        )
    try:
        until = time.monotonic() + 900  # where the engine is to be compiled
        while time.monotonic() < until and process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/"
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def measure(url: str, browser: Any, moves: int) -> dict[str, float]:
    """The figures."""
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context()
    context.set_default_timeout(LONG_MS)
    page = context.new_page()
    errors: list[str] = []
    outside: list[str] = []
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda asked: None if _own(asked.url, url) else outside.append(asked.url))
    page.goto(url)
    page.wait_for_selector('#answer[data-done="true"]')  # the first page also brings up the server
    loads, answers = [], []
    for _ in range(3):
        begun = time.perf_counter()
        page.goto(url)
        page.get_by_role("slider").first.wait_for()
        loads.append(time.perf_counter() - begun)
        page.wait_for_selector("#answer")
        answers.append(time.perf_counter() - begun)
    page.wait_for_selector('#answer[data-done="true"]')
    waits, counts = [], []
    for number in range(moves):
        lever = page.get_by_role("slider").nth(number % 4)
        lever.focus()
        page.evaluate(f"window.labelcastSeen = ({ANSWER})(); 0")
        page.keyboard.press("ArrowRight")
        took, count = page.evaluate("window.labelcastSeen")
        waits.append(took / 1_000)
        counts.append(count)
        page.wait_for_selector('#answer[data-done="true"]')
    violations = Axe().run(page).response["violations"]
    serious = sum(len(one["nodes"]) for one in violations if one["impact"] in ("serious", "critical"))
    context.close()
    ordered = sorted(waits)
    return {
        "slider_s_p50": round(statistics.median(waits), 3),
        "slider_s_p95": round(ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))], 3),
        "load_s": round(statistics.median(loads), 3),
        "answer_s": round(statistics.median(answers), 3),
        "axe_serious": serious,
        "console_errors": len(errors),
        "outside": len(outside),
        "replications": statistics.median(counts),
    }


def _own(url: str, base: str) -> bool:
    return url.startswith((base, base.replace("http", "ws"), "data:", "blob:"))


def main() -> None:
    """Measures, and prints."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true", help="one line for scripts")
    parser.add_argument("--moves", type=int, default=20, help="how often a lever is moved")
    asked = parser.parse_args()
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("chromium is not installed. On Debian: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder, studio(Path(folder)) as url, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        found = measure(url, browser, asked.moves)
        browser.close()
    if asked.json:
        print(json.dumps(found))
    else:
        for name, value in found.items():
            print(f"{name:>16}  {value}")


if __name__ == "__main__":
    main()
