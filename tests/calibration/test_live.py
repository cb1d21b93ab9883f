"""Pulling from a server, with doubles of the vendor's SDK: what is asked, what is kept, and how each refusal is told.

`make fixtures` does the same with the real SDK and a real server (servers/pulled.py).
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from labelcast.asked import Asked, exports
from labelcast.calibration import profile
from labelcast.calibration.calibrate import calibrate
from labelcast.calibration.live import Pulled, pull
from labelcast.sim.errors import DataRefused, Refused, ScenarioRefused

RECORDED = next((Path(__file__).parents[1] / "servers").glob("label_studio_*_export.json"))
SECRET = "f1d2d2f924e986ac86fdf7b36c94bcdf32beec15"


class Unheard(Exception):
    """Stands for httpx.HTTPError."""


class ApiError(Exception):
    """Stands for the SDK's error."""

    def __init__(self, status_code: int | None) -> None:
        self.status_code = status_code


class Double:
    """Stands for the SDK's client: three projects, of which the export of each is the recorded one."""

    fault: Exception | None = None
    titles: tuple[str, ...] = ("made up",)
    asked: list[dict[str, Any]] = []  # noqa: RUF012

    def __init__(self, **how: Any) -> None:
        self.asked.append(how)
        self.projects = SimpleNamespace(list=self.list, exports=SimpleNamespace(as_binary=self.as_binary))

    def list(self, **how: Any) -> list[SimpleNamespace]:
        return [SimpleNamespace(id=7 + place, title=title) for place, title in enumerate(self.titles)]

    def as_binary(self, project: int, **how: Any) -> bytes:
        if self.fault is not None:
            raise self.fault
        assert 7 <= project < 7 + len(self.titles)
        return RECORDED.read_bytes()


@pytest.fixture
def sdk(monkeypatch: pytest.MonkeyPatch) -> type[Double]:
    """The double in the place of the SDK."""
    double = type("Fresh", (Double,), {"asked": []})
    modules = {name: ModuleType(name) for name in ("httpx", "label_studio_sdk")}
    modules |= {name: ModuleType(name) for name in ("label_studio_sdk.core", "label_studio_sdk.core.api_error")}
    vars(modules["httpx"])["HTTPError"] = Unheard
    vars(modules["label_studio_sdk"])["LabelStudio"] = double
    vars(modules["label_studio_sdk.core.api_error"])["ApiError"] = ApiError
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    return double


def test_what_is_pulled_is_fitted_like_the_file(sdk: type[Double], tmp_path: Path) -> None:
    """The one project is taken without being named; address and token reach the SDK and no profile; the fit is that of
    the file, its source being called by the project."""
    with exports(Asked((), "label-studio", " https://ls.example.org/ ", f"{SECRET}\n", None)) as paths:
        fit = calibrate(paths)
    assert not paths[0].exists()
    assert [(one["base_url"], one["api_key"]) for one in sdk.asked] == [("https://ls.example.org", SECRET)]
    text = profile.text(fit)
    assert SECRET not in text
    assert "example.org" not in text
    assert text.replace("label-studio-project-7.json", RECORDED.name) == profile.text(calibrate([RECORDED]))


def test_the_token_is_in_no_text_of_ours(sdk: type[Double]) -> None:
    """Neither what was asked nor what was pulled shows the token or the data when it is printed."""
    assert SECRET not in repr(Asked((), "label-studio", "http://localhost", SECRET, None))
    assert repr(Pulled("label-studio-project-7.json", b"x")) == "Pulled(name='label-studio-project-7.json')"


def test_several_projects_must_be_told_apart(sdk: type[Double]) -> None:
    """Without a number they are listed; with one, that project is taken."""
    sdk.titles = ("street", "aerial")
    with pytest.raises(ScenarioRefused, match=r"are 2 projects: 7 \(street\), 8 \(aerial\). Name one: --project N"):
        pull("http://localhost:8080", SECRET)
    assert pull("http://localhost:8080", SECRET, 8).name == "label-studio-project-8.json"
    sdk.titles = ()
    with pytest.raises(ScenarioRefused, match="the token sees no project"):
        pull("http://localhost:8080", SECRET)


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        (Unheard("no route"), DataRefused, "no server answers"),
        (ApiError(401), DataRefused, "the token is refused"),
        (ApiError(403), DataRefused, "may not read project 7"),
        (ApiError(404), ScenarioRefused, "there is no project 7"),
        (ApiError(502), DataRefused, "the server fails"),
        (ApiError(200), DataRefused, "does not speak as Label Studio does"),
        (ApiError(None), DataRefused, "does not speak as Label Studio does"),
        (AttributeError("edition"), DataRefused, "does not speak as Label Studio does"),
    ],
)
def test_each_fault_of_a_server_is_told(sdk: type[Double], fault: Exception, kind: type[Refused], words: str) -> None:
    """Where, what was found and how to mend it; the token is in no message."""
    sdk.fault = fault
    with pytest.raises(kind, match=words) as refused:
        pull("http://localhost:8080/", SECRET, 7)
    assert str(refused.value).startswith("http://localhost:8080: ")
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "token", "words"),
    [
        ("localhost:8080", SECRET, "--url: must be the address"),
        ("ftp://localhost", SECRET, "--url: must be the address"),
        ("http://localhost:port", SECRET, "--url: must be the address"),
        ("http://[", SECRET, "--url: must be the address"),
        ("", SECRET, "--url: must be the address"),
        ("http://me:mine@localhost", SECRET, "the token stands for them"),
        ("http://localhost", " ", "LABEL_STUDIO_API_KEY"),
        ("http://localhost", f"Token {SECRET}", "one word"),
        ("http://localhost", f"{SECRET}\u00e9", "one word"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_before(url: str, token: str, words: str, sdk: type[Double]) -> None:
    """No server is asked, and neither password nor token is repeated."""
    with pytest.raises(ScenarioRefused, match=words) as refused:
        pull(url, token)
    assert sdk.asked == []
    assert SECRET not in str(refused.value)
    assert "mine" not in str(refused.value)


def test_a_missing_sdk_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is named, and the way without it."""
    monkeypatch.setitem(sys.modules, "label_studio_sdk", None)
    monkeypatch.setitem(sys.modules, "httpx", ModuleType("httpx"))
    with pytest.raises(ScenarioRefused, match=r"label_studio_sdk cannot be .*pip install 'labelcast\[label-studio\]'"):
        pull("http://localhost:8080", SECRET, 1)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (Asked((), None, None, None, None), "No file was given"),
        (Asked((Path("a.csv"),), None, "http://localhost", SECRET, 3), "--url: belongs(.|\n)*--project: belongs"),
        (Asked((Path("a.csv"),), "label-studio", "http://localhost", SECRET, None), "a file and --from are both given"),
        (Asked((), "label-studio", None, SECRET, None), "--url: is missing"),
        (Asked((), "cvat", "http://localhost", SECRET, None), "no server is named 'cvat'"),
    ],
)  # fmt: skip
def test_it_must_be_clear_what_is_read(asked: Asked, words: str) -> None:
    """Files or a server, one of the two, and what belongs to it."""
    with pytest.raises(ScenarioRefused, match=words), exports(asked):
        pytest.fail("nothing can be read")


def test_a_token_in_the_environment_alone_asks_no_server() -> None:
    """Where files are named, a token that stands in the environment is no mistake."""
    with exports(Asked((RECORDED,), None, None, SECRET, None)) as paths:
        assert paths == [RECORDED]
