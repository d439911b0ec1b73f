"""Real applications with and without Overdrive: what they print and the files they write are equal byte for byte.

    pytest tests/apps -n 2                      the applications that fit CI
    pytest tests/apps -n 2 --full               all of them, in all modes
    pytest tests/apps -k "black and normal"

The packages of tests/apps/requirements.txt are installed once, into OVERDRIVE_APPS_DIR if that is set, or else into a
folder of the virtual environment that runs the tests; a change of the file makes a new folder.
"""

import fcntl
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass, field

import harness
import pytest

HERE = pathlib.Path(__file__).resolve().parent
STDLIB = pathlib.Path(sysconfig.get_path("stdlib"))
TIMEOUT = 900


@dataclass(frozen=True)
class App:
    """An application: its arguments after `python -s`, what lies in its folder before, and where it runs in CI."""

    arguments: list[str]
    prepare: Callable[[pathlib.Path], None] = lambda folder: None
    ci_modes: list[str] = field(default_factory=lambda: ["normal", "compile-all"])
    # Units where every function called is compiled; of what is hot, a quarter suffices.
    fewest_compiled: int = 20
    # Files that hold times or the like in stock CPython too.
    left_out: tuple[str, ...] = ()


def program(name: str) -> list[str]:
    return [str(HERE / "programs" / f"{name}.py")]


def copy(*sources: pathlib.Path | str) -> Callable[[pathlib.Path], None]:
    def prepare(folder: pathlib.Path) -> None:
        for source in map(pathlib.Path, sources):
            if source.is_dir():
                shutil.copytree(source, folder / source.name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, folder / source.name)

    return prepare


def wheels(folder: pathlib.Path) -> None:
    """A folder of small wheels built from folders of the standard library, for pip to resolve and install offline."""
    (folder / "wheels").mkdir()
    chain = {
        "alpha": ("json", ["beta>=1"]),
        "beta": ("email", ["gamma==2.0"]),
        "gamma": ("urllib", []),
        "delta": ("logging", ["alpha", "gamma<3"]),
    }
    for name, (source, needs) in chain.items():
        for version in ("1.0", "2.0"):
            write_wheel(folder / "wheels", name, version, STDLIB / source, needs)


def write_wheel(folder: pathlib.Path, name: str, version: str, source: pathlib.Path, needs: list[str]) -> None:
    import zipfile

    info = f"{name}-{version}.dist-info"
    files = {f"{name}/{p.name}": p.read_bytes() for p in sorted(source.glob("*.py"))}
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n" + "".join(
        f"Requires-Dist: {n}\n" for n in needs
    )
    files[f"{info}/METADATA"] = metadata.encode()
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"]).encode()
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
        for path, data in files.items():
            wheel.writestr(zipfile.ZipInfo(path), data)


PYTEST = ["-m", "pytest", "-qq", "-p", "no:cacheprovider", "-p", "no:xdist", "--tb=short", "-rA"]
APPS = {
    "black": App(
        ["-m", "black", "--workers", "1", "-l", "60", "json", "textwrap.py"],
        copy(STDLIB / "json", STDLIB / "textwrap.py"),
        left_out=(".cache",),
    ),
    "black-large": App(
        ["-m", "black", "--workers", "1", "-l", "60", "email", "asyncio"],
        copy(STDLIB / "email", STDLIB / "asyncio"),
        [],
        left_out=(".cache",),
    ),
    "docutils": App(["-m", "docutils", "guide.rst", "out.html"], copy(HERE / "input/site/guide.rst")),
    "sphinx": App(
        ["-m", "sphinx", "-E", "-d", "trees", "site", "html"],
        copy(HERE / "input/site"),
        left_out=("trees", ".buildinfo"),
    ),
    "pytest": App([*PYTEST, "suite_for_pytest.py"], copy(HERE / "programs/suite_for_pytest.py")),
    "pytest-library": App(
        [*PYTEST, "test_textwrap.py", "test_graphlib.py", "test_fractions.py"],
        copy(*(STDLIB / "test" / f"test_{n}.py" for n in ("textwrap", "graphlib", "fractions"))),
        [],
    ),
    "sqlglot": App(program("sqlglot_app")),
    "sympy": App(program("sympy_app"), ci_modes=["normal"]),
    "networkx": App(program("networkx_app")),
    "mypy": App(
        ["-m", "mypy", "--strict", "--no-incremental", "--cache-dir", os.devnull, "checked_by_mypy.py"],
        copy(HERE / "programs/checked_by_mypy.py"),
        ["normal"],
    ),
    "pip": App(
        [
            "-m",
            "pip",
            "install",
            "--no-index",
            "--find-links",
            "wheels",
            "--target",
            "out",
            "--no-compile",
            "delta",
            "beta<2",
        ],
        wheels,
        left_out=(".rustup",),  # pip asks rustc for its version, and rustup takes notes if it is given the time
    ),
    "asyncio-server": App(program("asyncio_server")),
    "flask": App(program("flask_app")),
    "multiprocessing": App(program("multiprocessing_pool"), fewest_compiled=2),
    "numpy-pandas": App(program("numpy_pandas_app")),
}


def cases():
    for name, app in APPS.items():
        for mode in harness.MODES:
            marks = () if mode in app.ci_modes else pytest.mark.full
            yield pytest.param(name, mode, marks=marks)


@pytest.fixture(scope="session")
def packages() -> pathlib.Path:
    """The folder with the installed packages."""
    requirements = HERE / "requirements.txt"
    key = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()[:12]
    base = pathlib.Path(os.environ.get("OVERDRIVE_APPS_DIR") or pathlib.Path(sys.prefix) / "test-apps")
    base.mkdir(parents=True, exist_ok=True)
    target = base / key
    # Several workers start at once; one installs and the others wait.
    with open(base / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            fresh = base / f"{key}.fresh"
            shutil.rmtree(fresh, ignore_errors=True)
            command = [
                sys.executable,
                "-m",
                "pip",
                "install",
                "--quiet",
                "--target",
                str(fresh),
                "-r",
                str(requirements),
            ]
            done = subprocess.run(
                command, env=harness.environment("stock", extra=pip_settings()), capture_output=True, text=True
            )
            if done.returncode != 0:
                pytest.fail(f"the applications could not be installed\n{done.stdout}{done.stderr}", pytrace=False)
            fresh.rename(target)
    return target


def pip_settings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith("PIP_")}


def tree(folder: pathlib.Path, left_out: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and not any(part in left_out for part in name.parts):
            found[str(name)] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def run(app: App, mode: str, folder: pathlib.Path, packages: pathlib.Path) -> tuple[harness.Outcome, dict[str, str]]:
    # The same folder each time, since programs print where they are.
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    app.prepare(folder)
    settings = {
        "PYTHONPATH": str(packages),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(folder),
        "PIP_NO_CACHE_DIR": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    outcome = harness.run([sys.executable, "-s", *app.arguments], mode, TIMEOUT, cwd=folder, extra_env=settings)
    return outcome, tree(folder, app.left_out)


@pytest.mark.parametrize("name, mode", cases())
def test_same_with_overdrive(name, mode, tmp_path, packages):
    app = APPS[name]
    folder = tmp_path / "work"
    stock, stock_tree = run(app, "stock", folder, packages)
    other, other_tree = run(app, mode, folder, packages)
    assert (
        stock.status in (0, 1) and stock.status != "timeout"
    ), f"{name} does not run in stock CPython\n{stock.stderr.decode()}"
    problem = harness.difference(stock, other, mode)
    for path in stock_tree.keys() | other_tree.keys():
        if stock_tree.get(path) != other_tree.get(path):
            problem += f"file {path} differs\n"
    if problem:
        pytest.fail(f"{name} in mode {mode}\n{problem}files: {folder}; packages: {packages}", pytrace=False)
    if mode != "stock":
        if other.report is None and name == "mypy":
            pytest.xfail("mypy ends its process without Python's exit functions, so no report is written")
        assert other.report is not None, "Overdrive wrote no report: it was not switched on in this process"
        fewest = app.fewest_compiled if mode != "normal" else -(-app.fewest_compiled // 4)
        assert other.report["totals"]["compiled"] >= fewest
