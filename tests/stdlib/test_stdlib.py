"""Of the functions of the standard library, at most 5 % are declined for another reason than being a generator; bodies all
because they run once."""

import json
import pathlib
import subprocess
import sys

import harness
import pytest

DRIVER = pathlib.Path(__file__).with_name("compile_library.py")
MOST_DECLINED = 0.05


@pytest.mark.parametrize("scope", ["library", pytest.param("library and its tests", marks=pytest.mark.full)])
def test_the_library_compiles(scope, tmp_path):
    result, progress = tmp_path / "result.json", tmp_path / "progress"
    argv = [sys.executable, "-s", str(DRIVER), "--json", str(result), "--progress", str(progress)]
    if scope != "library":
        argv.append("--with-tests")
    run = subprocess.run(argv, env=harness.environment("stock"), capture_output=True, text=True, timeout=1800)
    if run.returncode != 0:
        last = progress.read_text() if progress.exists() else "(not even begun)"
        pytest.fail(f"the compiler ended with {run.returncode} at {last}\n{run.stdout}{run.stderr}", pytrace=False)
    print(run.stdout)
    found = json.loads(result.read_text())
    functions = found["counts"]["function"]
    declined = sum(found["reasons"]["function"].values())
    assert functions > 14_000, "that is not the whole library"
    assert declined <= MOST_DECLINED * functions, f"{declined} of {functions} functions declined\n{run.stdout}"
    assert list(found["reasons"]["body"]) == ["runs_once"]
