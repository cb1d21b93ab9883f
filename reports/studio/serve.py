"""The studio's server: on this machine alone, telling nobody anything, with the house's colours."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from pathlib import Path

from ...sim.engines import ENGINES, prepare
from ...sim.errors import ScenarioRefused
from .. import palette
from .uploads import PACKED

LOOPBACK = "127.0.0.1"

FILE = "LABELCAST_STUDIO_FILE"
"""The name in the environment under which the script finds the file that the studio was started with."""


def options(port: int, browser: bool) -> dict[str, object]:
    """The framework's settings: loopback, no telemetry, no tools of developers, no watching of files."""
    return {
        "server.address": LOOPBACK,
        "server.port": port,
        "server.headless": not browser,
        "server.fileWatcherType": "none",
        "server.runOnSave": False,
        "server.allowedHosts": [LOOPBACK, "localhost"],  # no other name for this machine
        "server.enableCORS": True,
        "server.enableXsrfProtection": True,
        "server.maxUploadSize": PACKED >> 20,
        "server.maxMessageSize": 60,
        "server.showEmailPrompt": False,
        "browser.gatherUsageStats": False,
        "browser.serverAddress": LOOPBACK,
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",
        "client.showErrorLinks": False,
        "global.developmentMode": False,
        **_colours("light", palette.LIGHT),
        **_colours("dark", palette.DARK),
    }


def _colours(name: str, colours: Mapping[str, str]) -> dict[str, object]:
    return {
        f"theme.{name}.primaryColor": colours["series-0"],
        f"theme.{name}.backgroundColor": colours["paper"],
        f"theme.{name}.secondaryBackgroundColor": colours["wash"],
        f"theme.{name}.textColor": colours["ink"],
        f"theme.{name}.borderColor": colours["rule"],
        f"theme.{name}.linkColor": colours["series-0"],
    }


def check_extra() -> None:
    """Raises ScenarioRefused where what the studio needs is not installed."""
    if importlib.util.find_spec("streamlit") is None:
        raise ScenarioRefused("studio: needs what is not installed. Say: pip install 'labelcast[studio]'.")


def serve(port: int, browser: bool) -> None:
    """Serves until it is stopped. port: 0 for a free one is not known to the framework: give a number."""
    from streamlit.web import bootstrap

    prepare(ENGINES[0])
    script = Path(__file__).parent / "script" / "studio.py"
    flags = options(port, browser)
    bootstrap.load_config_options(flags)
    bootstrap.run(str(script), False, [], flags)
