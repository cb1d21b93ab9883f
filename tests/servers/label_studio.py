"""A real Label Studio on this machine for as long as a `with` block lasts, and its API as people use it.

Drives what `pip install label-studio` brings (label_studio.txt says which version), from an environment of its own. The
server listens on loopback only, keeps its data in a folder that is deleted, and reports to nobody.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

PATIENCE_S = 240
"""A first start makes the database; 40 s on a machine with two cores."""

OWNER = "owner@example.org"


@dataclass
class Person:
    """A person who is signed in: a session with its cookies and the token against forged requests."""

    url: str
    cookies: CookieJar = field(default_factory=CookieJar)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """What the server answers to JSON with JSON. Raises RuntimeError where it refuses."""
        return json.loads(self.send(method, path, body))

    def send(self, method: str, path: str, body: Any = None, form: dict[str, str] | None = None) -> bytes:
        """What the server answers, as it stands."""
        headers = {"Referer": self.url}
        token = next((one.value for one in self.cookies if one.name == "csrftoken"), None)
        if token is not None:
            headers["X-CSRFToken"] = token
        data = None
        if form is not None:
            data = urllib.parse.urlencode(form | {"csrfmiddlewaretoken": token or ""}).encode()
        elif body is not None:
            data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        try:
            with opener.open(request, timeout=60) as reply:
                return reply.read()
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{method} {path}: {error.code} {error.read()[:500]!r}") from error


@dataclass(frozen=True)
class Server:
    """A server that runs. version: of Label Studio.  owner: who is signed in as the first user."""

    url: str
    version: str
    owner: Person

    def invited(self, email: str) -> Person:
        """Another person, signed up by the owner's invitation and signed in."""
        link = urllib.parse.urlsplit(str(self.owner.ask("GET", "/api/invite")["invite_url"]))
        person = Person(self.url)
        path = f"{link.path}?{link.query}"
        person.send("GET", path)
        form = {"email": email, "password": secrets.token_hex(12), "allow_newsletters": "false"}
        person.send("POST", path, form=form)
        if person.ask("GET", "/api/current-user/whoami")["email"] != email:
            raise RuntimeError(f"{email}: signing up by invitation did not sign them in.")
        return person

    def tokens(self) -> dict[str, str]:
        """The owner's tokens, of the kind that ends and of the kind that was before it."""
        self.owner.ask("POST", "/api/jwt/settings", {"api_tokens_enabled": True, "legacy_api_tokens_enabled": True})
        return {
            "personal access token": str(self.owner.ask("POST", "/api/token/", {})["token"]),
            "legacy token": str(self.owner.ask("GET", "/api/current-user/token")["token"]),
        }


@contextmanager
def server() -> Iterator[Server]:
    """A server with an empty database. It ends with the block, however that ends."""
    with tempfile.TemporaryDirectory(prefix="label-studio-") as folder:
        port = _free_port()
        password = secrets.token_hex(12)
        with (Path(folder) / "server.log").open("wb") as log:
            process = _started(Path(folder), port, password, log)
            try:
                yield _signed_in(f"http://127.0.0.1:{port}", password, process, Path(folder))
            finally:
                _stopped(process)


def _started(folder: Path, port: int, password: str, log: Any) -> subprocess.Popen[bytes]:
    command = [Path(sys.executable).with_name("label-studio"), "start", "--no-browser", "--internal-host", "127.0.0.1"]
    command += ["--port", str(port), "--username", OWNER, "--password", password]
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "LC_ALL", "TMPDIR")}
    quiet = dict.fromkeys(("SENTRY_DSN", "FRONTEND_SENTRY_DSN"), "") | {"FEATURE_FLAGS_OFFLINE": "true"}
    quiet |= dict.fromkeys(("COLLECT_ANALYTICS", "LATEST_VERSION_CHECK"), "0")
    own = {"LABEL_STUDIO_BASE_DATA_DIR": str(folder / "data"), "HOME": str(folder)}
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, env=kept | quiet | own,
        cwd=folder, start_new_session=True,
    )  # fmt: skip


def _signed_in(url: str, password: str, process: subprocess.Popen[bytes], folder: Path) -> Server:
    owner = Person(url)
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            version = str(owner.ask("GET", "/api/version")["release"])
            break
        except (urllib.error.URLError, ConnectionError) as error:
            if process.poll() is not None or time.monotonic() > end:
                tail = (folder / "server.log").read_text(errors="replace")[-2000:]
                raise RuntimeError(f"{url}: Label Studio does not answer ({error}). It said:\n{tail}") from error
            time.sleep(0.5)
    owner.send("GET", "/user/login/")
    owner.send("POST", "/user/login/", form={"email": OWNER, "password": password})
    return Server(url, re.sub(r"[^0-9.].*", "", version), owner)


def _stopped(process: subprocess.Popen[bytes]) -> None:
    """Ends the server and all that it started."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
            process.wait(timeout=15)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
