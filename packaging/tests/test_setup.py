"""What scripts/setup.sh does about system packages, with commands of the test's own in the place of the system's."""

import shutil

import pytest
from launching import ROOT, clean_environment

LOCKED = "E: Could not get lock /var/lib/apt/lists/lock. It is held by process 77 (apt-get)"


@pytest.fixture
def setup(tmp_path, execute):
    """Run setup.sh where every package is missing, `apt-get update` finds its lock held `times` times, and nothing can be installed."""
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "setup.sh", tmp_path / "scripts")
    (tmp_path / "bin").mkdir()

    def call(times):
        stubs = {
            "id": "echo 0",
            "dpkg-query": "exit 1",
            "sleep": "echo $1 >>slept",
            "apt-get": f"""case " $* " in
              *" update "*) echo >>updates; [ $(wc -l <updates) -gt {times} ] || {{ echo "{LOCKED}" >&2; exit 100; }} ;;
              *) echo "E: Unable to locate package g++" >&2; exit 100 ;;
            esac""",
        }
        for name, text in stubs.items():
            (tmp_path / "bin" / name).write_text(f"#!/bin/sh\n{text}\n")
            (tmp_path / "bin" / name).chmod(0o755)
        result = execute("scripts/setup.sh", env=clean_environment(PATH=f"{tmp_path}/bin:/usr/bin:/bin"))
        return result, (tmp_path / "slept").read_text().split() if times else []

    return call


def test_another_apt_get_is_waited_for(setup):
    result, slept = setup(times=2)
    lines = result.err.splitlines()
    assert lines[0].startswith("-- installing g++ ") and result.code == 1
    assert lines[1] == "-- waiting, ten minutes at most, for the lock /var/lib/apt/lists/lock. It is held by process 77 (apt-get)"
    assert lines[2] == "E: Unable to locate package g++" and lines[3].startswith("setup: apt-get could not install: g++ ")
    assert len(lines) == 4 and slept == ["5", "5"]


def test_but_not_for_ever(setup):
    result, slept = setup(times=1000)
    assert result.code == 1 and result.err.splitlines()[-2:] == [LOCKED, "setup: apt-get could not read the lists of packages"]
    assert sum(map(int, slept)) == 600


def test_no_colours_where_nobody_sees_them(setup):
    assert "\033" not in setup(times=0)[0].err
