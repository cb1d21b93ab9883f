"""A project of a Label Studio server that runs somewhere, exported through the vendor's own SDK, which is an extra.

Seen with servers of 1.23.2 (Community) and the SDK's 2.0.19 and 2.1.2: both kinds of tokens, legacy and personal access
token. Enterprise is asked by the same call of the SDK, which makes a snapshot there; not seen by us.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from ..sim.errors import DataRefused, ScenarioRefused

TOKEN = "LABEL_STUDIO_API_KEY"
"""The environment variable that holds a token; the SDK's own name for it."""

ANSWER_S = 300.0
"""How long the server may take to answer: it writes a large export before it sends the first byte."""

SNAPSHOT_S = 3600
"""How long an Enterprise server may take over a snapshot."""

SHOWN = 10
"""Projects that a message lists."""


@dataclass(frozen=True)
class Pulled:
    """An export as the server sent it. name: what messages and the profile call it; neither address nor token."""

    name: str
    data: bytes = field(repr=False)


def pull(url: str, token: str, project: int | None = None) -> Pulled:
    """The export of a project, Label Studio's JSON with all annotations.

    token: legacy or personal; it is in no message.  project: its number, None where there is but one.
    Raises ScenarioRefused: no address, no token, the SDK is not installed, no such project, or several and none named.
    Raises DataRefused: the server does not answer, is no Label Studio, or refuses the token.
    """
    where = _address(url)
    secret = _secret(token)
    try:
        import httpx
        from label_studio_sdk import LabelStudio
        from label_studio_sdk.core.api_error import ApiError
    except ImportError as error:
        raise ScenarioRefused(
            f"--from label-studio: needs label-studio-sdk, but {error.name or error} cannot be imported. Install it: "
            "pip install 'labelcast[label-studio]'. Or export the project as JSON and name the file."
        ) from error
    with _told(where, project, ApiError, httpx.HTTPError):
        client = LabelStudio(base_url=where, api_key=secret, timeout=ANSWER_S)
        number = project if project is not None else _only(where, _projects(client))
        data = client.projects.exports.as_binary(number, timeout=SNAPSHOT_S)
    return Pulled(f"label-studio-project-{number}.json", data)


def _address(url: str) -> str:
    """Where the server is, without a slash at the end."""
    rule = "--url: must be the address of a server, as in http://localhost:8080"
    try:
        parts = urlsplit(url.strip())
        known = parts.scheme in ("http", "https") and parts.hostname is not None and (parts.port or 1) > 0
    except ValueError:
        known = False
    if not known:
        raise ScenarioRefused(f"{rule}, but got {url[:80]!r}. Write what the browser shows before /projects.")
    if parts.username is not None or parts.password is not None:
        raise ScenarioRefused(f"{rule}, but it holds a user or a password. Leave them out: the token stands for them.")
    return f"{parts.scheme}://{parts.netloc}{parts.path}".rstrip("/")


def _secret(token: str) -> str:
    """The token as a header can carry it."""
    text = token.strip()
    if not text:
        raise ScenarioRefused(
            f"--token: is missing. Copy it from Account & Settings of Label Studio; better than typing it is the "
            f"environment variable {TOKEN}."
        )
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ScenarioRefused(
            "--token: a token is one word of letters, digits and signs, but this is none. Copy it anew."
        )
    return text


def _projects(client: Any) -> list[tuple[int, str]]:
    """Number and title of each project that the token may see."""
    return sorted((int(one.id), str(one.title)) for one in client.projects.list(page_size=100))


def _only(where: str, projects: list[tuple[int, str]]) -> int:
    if not projects:
        raise ScenarioRefused(f"{where}: the token sees no project. Take a token of somebody who may see it.")
    if len(projects) > 1:
        shown = ", ".join(f"{number} ({title[:40]})" for number, title in projects[:SHOWN])
        more = f" and {len(projects) - SHOWN} more" if len(projects) > SHOWN else ""
        raise ScenarioRefused(f"{where}: there are {len(projects)} projects: {shown}{more}. Name one: --project N.")
    return projects[0][0]


@contextmanager
def _told(where: str, project: int | None, refused: type[Any], unheard: type[Exception]) -> Iterator[None]:
    """Puts what the SDK raises into words; of the server's own text nothing is repeated."""
    try:
        yield
    except unheard as error:
        kind = type(error).__name__
        raise DataRefused(f"{where}: no server answers ({kind}). Is it running, and is --url right?") from error
    except refused as error:
        raise _refusal(where, project, error.status_code) from error
    except (json.JSONDecodeError, AttributeError, TypeError) as error:  # the SDK takes any JSON, and stumbles later
        raise DataRefused(f"{where}: {NO_SERVER} ({type(error).__name__}). {CHECK}") from error


NO_SERVER = "what answers there does not speak as Label Studio does"
CHECK = "Check --url: it is what the browser shows before /projects."


def _refusal(where: str, project: int | None, status: int | None) -> DataRefused | ScenarioRefused:
    if status == 401:
        return DataRefused(
            f"{where}: the token is refused (401). It may have ended or been revoked, or its kind is switched off for "
            "the organization: copy a new one from Account & Settings."
        )
    if status == 403:
        what = "the projects" if project is None else f"project {project}"
        return DataRefused(f"{where}: the token's owner may not read {what} (403). Take a token of somebody who may.")
    if status == 404 and project is not None:
        return ScenarioRefused(f"{where}: --project: there is no project {project} that the token sees (404).")
    if status is not None and status >= 500:
        return DataRefused(
            f"{where}: the server fails ({status}). Its log says why; or export by hand and name the file."
        )
    return DataRefused(f"{where}: {NO_SERVER} ({status}). {CHECK}")
