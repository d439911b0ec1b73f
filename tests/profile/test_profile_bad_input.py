"""What goes wrong is said in one sentence, with an exit code, and what was recorded is kept."""

import os
import re
import shutil
import subprocess
import sys

import pytest
from profile_support import environment, one_sentence

SPIN = "import time\nend = time.process_time() + {}\nwhile time.process_time() < end: sorted(range(100))\n"


def test_foreign_and_missing_files(recorder):
    (recorder.folder / "x.odp").write_bytes(b"not a profile at all" * 1000)
    (recorder.folder / "empty.odp").write_bytes(b"")
    for command in (["export", "--format", "text"], ["view", "--html", "out.html"]):
        one_sentence(recorder.command(command[0], "x.odp", *command[1:]), 3, "not an Overdrive profile")
        one_sentence(recorder.command(command[0], "empty.odp", *command[1:]), 3, "not an Overdrive profile")
        one_sentence(recorder.command(command[0], "missing.odp", *command[1:]), 3, "no such file")
    one_sentence(recorder.command("profile", "nothing.py"), 2, "no such program")
    one_sentence(recorder.command("profile", "-o", "no/such/folder/x.odp", "-c", "1"), 3, "does not exist")
    one_sentence(recorder.command("profile", "--pid", "1", "--mode", "memory", "--kernel"), 2, "not with --mode memory, --kernel")
    one_sentence(recorder.command("profile", "--duration", "3", "-c", "1"), 2, "--duration needs --pid")
    one_sentence(recorder.command("profile", "-X", "dev", "-m"), 2, "which program?")
    one_sentence(recorder.command("profile", "-S", "-c", "1"), 2, "under -S the recorder does not start")
    one_sentence(recorder.command("profile", "--run", "-I", "-c", "1"), 2, "under -I")
    assert "unrecognized arguments: --rates" in recorder.command("profile", "--rates", "3", "-c", "1").stderr
    (recorder.folder / "x.odp").write_bytes(b"OVDPROF\n" + (99).to_bytes(4, "little") + bytes(500))
    one_sentence(recorder.command("export", "x.odp", "--format", "text"), 3, "another version")


def test_a_truncated_file_shows_what_it_has(recorder):
    import overdrive.profile

    profile, _ = recorder.record(SPIN.format(0.5))
    data = (recorder.folder / "record.odp").read_bytes()
    whole = len(profile.time)
    counts = []
    for share in (0.05, 0.3, 0.6, 0.95):
        path = recorder.folder / "cut.odp"
        path.write_bytes(data[: int(len(data) * share)])
        try:
            cut = overdrive.profile.read(str(path))
        except overdrive.profile.ProfileError as error:
            assert "cut" in str(error)
            counts.append(0)
            continue
        assert cut.problems
        counts.append(len(cut.time))
        done = recorder.command("export", path, "--format", "text")
        assert done.returncode == 0 and "cut off" in done.stdout
    assert counts == sorted(counts) and 0 < counts[-1] <= whole


def test_damaged_bytes_never_crash_the_reader(recorder):
    import random

    import overdrive.profile
    from overdrive.profile.model import Profile

    recorder.record(SPIN.format(0.2))
    data = bytearray((recorder.folder / "record.odp").read_bytes())
    rng = random.Random(5)

    def is_read(broken):
        try:
            for sample in Profile.from_bytes(bytes(broken)).samples():
                str(sample.stack[-1:])
        except overdrive.profile.ProfileError:
            return False
        return True

    read = 0
    for _ in range(60):
        broken = bytearray(data)
        for _ in range(20):
            broken[rng.randrange(200, len(broken))] = rng.randrange(256)
        read += is_read(broken)
    assert read > 20
    names = [match.start() for match in re.finditer(rb"\.so|python3", bytes(data))]
    for _ in range(100):
        broken = bytearray(data)
        for _ in range(4):
            broken[rng.choice(names) + rng.randrange(-40, 40)] = rng.choice((0, 200, 255))
        is_read(broken)


def test_a_library_whose_name_is_not_utf8(tmp_path):
    from overdrive import _profile

    path = os.fsdecode(os.fsencode(tmp_path) + b"/\xff.so")
    shutil.copy(_profile.__file__, path)
    [(address, _, _)] = _profile.find_symbols(path, ["PyInit__profile"]).values()
    assert [name for name, *_ in _profile.symbols(path, "", [address])] == ["PyInit__profile"]
    assert len(_profile.source_lines(path, [address])) == 1


def test_an_unwritable_folder(recorder):
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    os.chmod(recorder.folder, 0o500)
    one_sentence(recorder.command("profile", "-o", "x.odp", "-c", "1"), 3, "cannot write")


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("unshare"), reason="a small file system needs root")
def test_a_full_disk(recorder):
    """In a file system of 3 MiB: the program runs to its end, and the record says that it is not whole."""
    import overdrive.profile

    recorder.write("app.py", "import sys\nsys.setrecursionlimit(9000)\nimport random, time\ndef f(n):\n    if n: (f if n % 2 else g)(n - 1)\n    else: x = [sorted(range(50)) for _ in range(20)]\ndef g(n):\n    f(n - 1) if n else None\nend = time.process_time() + 4\nwhile time.process_time() < end: f(random.randrange(1, 700))\nprint('done')\n")
    disk = recorder.folder / "disk"
    disk.mkdir()
    keep = recorder.folder / "kept"
    script = f"mount -t tmpfs -o size=2200k none {disk} && {sys.executable} -m overdrive profile --rate 10000 -o {disk}/x.odp app.py; code=$?; mkdir {keep}; cp -r {disk}/. {keep}/; exit $code"
    done = subprocess.run(["unshare", "-m", "bash", "-c", script], cwd=recorder.folder, env=environment(), capture_output=True, text=True, timeout=100)
    assert "done" in done.stdout, done.stderr
    kept = [p for p in keep.iterdir()]
    assert kept
    profile = overdrive.profile.read(str(kept[0]))
    assert len(profile.time) > 50
    counters = profile.totals()["counters"]
    assert counters["disk_full"] == 1 and counters["lost"] + counters["intern_full"] > 0
    done2 = recorder.command("export", kept[0], "--format", "text")
    assert "the disk was full" in done2.stdout
    if kept[0].is_dir():
        one_sentence(done, 4, "kept in")


def test_no_room_at_all(recorder):
    """RLIMIT_FSIZE below the smallest record: the program runs, the command says why there is no record."""
    done = subprocess.run(
        ["bash", "-c", f"ulimit -f 100; {sys.executable} -m overdrive profile -o x.odp -c 'print(1)'"],
        cwd=recorder.folder, env=environment(), capture_output=True, text=True, timeout=60,
    )
    assert done.stdout == "1\n"
    one_sentence(done, 3, "not recorded")
