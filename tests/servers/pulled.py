"""What `labelcast calibrate --from label-studio` makes of a real server, typed as a user does: pulls and refusals."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from .label_studio import Server

COMMAND = (Path(sys.executable).with_name("labelcast"), "calibrate", "--from", "label-studio")


def check_pulls(live: Server, project: int, used: str) -> None:
    """Pulls by both kinds of tokens, then what must be refused. Raises AssertionError where it is otherwise.

    used: how a pull's words must begin.
    """
    tokens = live.tokens()
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder) / "team.profile.yaml"
        for kind, token in tokens.items():
            words = _said(live.url, token, profile, 0)
            text = profile.read_text(encoding="utf-8")
            assert f"label-studio-project-{project}.json" in text, "the profile does not name the project"
            assert live.url not in text, "the server's address is in the profile"
            print(f"Pulled by {kind}: {words.splitlines()[0]}", flush=True)
        named = _said(live.url, tokens["legacy token"], profile, 0, "--project", str(project))
        assert named.startswith(used), named
        by_word = _said(live.url, "", profile, 0, "--token", tokens["legacy token"])
        assert by_word == named
        live.owner.ask("POST", "/api/projects", {"title": "another"})
        _refused(
            live.url,
            tokens["legacy token"],
            profile,
            2,
            rf"there are 2 projects: {project} \(made up\), .* --project N",
        )
        _refused(live.url, tokens["legacy token"], profile, 2, "no project 99", "--project", "99")
        _refused(live.url, "0" * 40, profile, 3, "token is refused")
        personal = tokens["personal access token"]
        _refused(live.url, personal[:-8] + "AAAAAAAA", profile, 3, "token is refused")
        _refused("http://127.0.0.1:9", tokens["legacy token"], profile, 3, "no server answers")
        _refused(f"{live.url}/user/login", tokens["legacy token"], profile, 3, "does not speak as Label Studio does")
        live.owner.ask("POST", "/api/jwt/settings", {"api_tokens_enabled": True, "legacy_api_tokens_enabled": False})
        _refused(live.url, tokens["legacy token"], profile, 3, "kind is switched off", "--project", str(project))


def _refused(url: str, token: str, profile: Path, code: int, words: str, *more: str) -> None:
    said = _said(url, token, profile, code, *more)
    assert re.search(words, said), f"{words!r} was expected, but it said: {said}"
    print(f"Refused ({code}): {said.strip()}", flush=True)


def _said(url: str, token: str, profile: Path, code: int, *more: str) -> str:
    """What a command says; a token in it, or another exit code, is an error."""
    profile.unlink(missing_ok=True)
    command = [*COMMAND, "--url", url, "--out", str(profile), *more]
    environment = os.environ | {"LABEL_STUDIO_API_KEY": token}
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment)
    told = done.stdout + done.stderr
    assert done.returncode == code, f"ended with {done.returncode}: {told}"
    for secret in filter(None, [token, *more]):
        assert len(secret) < 20 or secret not in told, "a token was printed"
        assert len(secret) < 20 or not profile.exists() or secret not in profile.read_text(), "a token was kept"
    assert "Traceback" not in told, told
    return told
