"""What reaches a user's site-packages, and that it works there."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from this tree, without an index."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, text=True)
    return next(out.glob("*.whl"))


def test_the_wheel_holds_only_labelcast(wheel: Path) -> None:
    """Flat names such as `sim` or `reports` would overwrite others' packages silently."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.split("/")[0] for name in names} == {
        "labelcast",
        next(n for n in names if "dist-info" in n).split("/")[0],
    }
    assert "labelcast/py.typed" in names
    assert "labelcast/sim/reference/engine.py" in names
    assert "labelcast/scenarios/library/in-house.yaml" in names
    assert "labelcast/scenarios/library/profiles/sources.yaml" in names
    assert "labelcast/scenarios/scenario.schema.json" in names
    assert "labelcast/calibration/sample_crowdflower.csv.gz" in names
    assert any(name.startswith("labelcast/reports/templates/") for name in names)
    assert len(names) == len(set(names))


def test_the_wheel_works_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    """Installed in an environment of its own, the command checks a scenario of the library, far from the sources.

    The environment sees this one's dependencies through a path file, and must take labelcast from the wheel.
    """
    home = tmp_path / "env"
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)],
        check=True,
        capture_output=True,
    )
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    site = home / "lib" / version / "site-packages"
    # sys.path entries only: a path file there is not read, so this environment's editable labelcast stays unseen.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    code = "import labelcast.sim.line as line; print(line.__file__)"
    where = subprocess.run([python, "-c", code], check=True, capture_output=True, text=True, cwd=tmp_path).stdout
    assert where.startswith(str(site))
    said = subprocess.run(
        [home / "bin" / "labelcast", "check", "in-house"], capture_output=True, text=True, cwd=tmp_path
    )
    assert said.returncode == 0, said.stderr
    assert "can be simulated" in said.stdout


def test_the_editable_install_works_from_another_folder(tmp_path: Path) -> None:
    """This environment's own install, which is editable, serves from anywhere, with the real folders behind it."""
    code = "import labelcast.sim.line as line; print(line.__file__)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=tmp_path)
    assert Path(done.stdout.strip()).resolve() == ROOT / "sim" / "line" / "__init__.py"


def test_starting_is_quick() -> None:
    """`import labelcast` and `labelcast --help` load none of the heavy packages: that is what keeps them fast."""
    heavy = {"numpy", "numba", "pandas", "scipy", "pydantic", "matplotlib"}
    code = f"import sys, labelcast.cli; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
