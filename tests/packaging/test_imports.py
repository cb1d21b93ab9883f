"""The order of the folders, and that the checker of it can fail."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def lint(folder: Path, package_root: Path) -> subprocess.CompletedProcess[str]:
    """Runs import-linter on the labelcast under `package_root` with the contracts of `folder`."""
    run = "from importlinter.cli import lint_imports_command as command; command()"
    code = f"import sys; sys.path.insert(0, {str(package_root)!r}); {run}"
    command = [sys.executable, "-c", code, "--no-cache"]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder)


def test_imports_run_downward() -> None:
    """sim <- calibration <- scenarios <- reports <- labelcast."""
    done = lint(ROOT, ROOT / "src")
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_upward_import_is_seen(tmp_path: Path) -> None:
    """A planted import of scenarios from sim breaks the contract."""
    package = tmp_path / "labelcast"
    package.mkdir()
    for file in ("__init__.py", "cli.py", "demo.py"):
        shutil.copy(ROOT / "src" / "labelcast" / file, package / file)
    shutil.copytree(
        ROOT / "src" / "labelcast" / "answers", package / "answers", ignore=shutil.ignore_patterns("__pycache__")
    )
    for folder in ("sim", "calibration", "scenarios", "reports"):
        shutil.copytree(ROOT / folder, package / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (package / "sim" / "line.py").open("a") as file:
        file.write("\nfrom ..scenarios import compare\n")
    done = lint(tmp_path, tmp_path)
    assert done.returncode == 1
    assert "labelcast.sim.line -> labelcast.scenarios" in done.stdout
