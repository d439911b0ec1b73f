"""A wheel builds, passes auditwheel, and works in an empty environment with nothing else."""

import fcntl
import pathlib
import subprocess
import sys
import zipfile

import pytest
from launching import ROOT, clean_environment

# One process builds the wheel, however many run the tests; if it should be two, one after the other: they share build/.
pytestmark = pytest.mark.xdist_group("wheel")

TOOLS = pathlib.Path(sys.executable).parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The repaired wheel of this tree."""
    folder = tmp_path_factory.mktemp("wheel")
    environment = clean_environment(PATH=f"{TOOLS}:/usr/local/bin:/usr/bin:/bin")
    with open(ROOT / "build" / "wheel.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.run(
            [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", folder, ROOT],
            env=environment, check=True, capture_output=True, text=True, timeout=1200, cwd=folder,
        )  # fmt: skip
    (built,) = folder.glob("*.whl")
    subprocess.run(
        [TOOLS / "auditwheel", "repair", "-w", folder / "repaired", built],
        env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    (repaired,) = (folder / "repaired").glob("*.whl")
    return repaired


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The bin folder of an empty environment with the wheel in it and nothing else."""
    folder = tmp_path_factory.mktemp("venv")
    base = pathlib.Path(sys.base_prefix) / "bin" / "python3.13"
    subprocess.run([base, "-m", "venv", folder], check=True, env=clean_environment())
    subprocess.run(
        [folder / "bin" / "pip", "install", "-q", "--no-index", "--disable-pip-version-check", wheel],
        check=True, env=clean_environment(), capture_output=True,
    )  # fmt: skip
    return folder / "bin"


def test_contents(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert wheel.name.startswith("overdrive-0.1.0-cp313-cp313-manylinux")
    assert "overdrive.pth" in names and "overdrive/__init__.py" in names
    assert [n for n in names if n.startswith("overdrive/_core.") and n.endswith(".so")]
    assert not [n for n in names if n.split("/")[0] in ("src", "tests", "bench", "build")]
    metadata = next(n for n in names if n.endswith(".dist-info/METADATA"))
    assert "Requires-Dist" not in zipfile.ZipFile(wheel).read(metadata).decode()


def test_run(installed, execute):
    result = execute(installed / "overdrive", "run", "-c", "import sys; print(sys.modules['overdrive'].stats()['enabled'])")
    assert (result.out, result.err, result.code) == ("True\n", "", 0)


def test_environment(installed, execute):
    code = "import sys; print('overdrive' in sys.modules)"
    assert execute(installed / "python", "-c", code, env=clean_environment(OVERDRIVE="1")).out == "True\n"
    assert execute(installed / "python", "-c", code).out == "False\n"
    assert execute(installed / "python", "-I", "-c", code, env=clean_environment(OVERDRIVE="1")).out == "False\n"


def test_explain(installed, execute):
    result = execute(installed / "overdrive", "explain", "-c", "print(6 * 7)")
    assert result.out.startswith("42\n") and "Overdrive: " in result.out
