"""The page in a real browser: Chromium, headless."""

import os
import random
import re
import shutil
import subprocess
import tempfile
import time
from array import array

import pytest
from profile_support import ROOT, line_of

CHROMIUM = next((shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome") if shutil.which(name)), None)
PAGE = ROOT / "overdrive" / "profile" / "page" / "page.html"
pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed"),
    pytest.mark.skipif(not PAGE.exists(), reason="the page was not built (Node.js)"),
]

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync "
    "--hide-scrollbars --window-size=1500,950"
).split()


def dom(page, script="", wait_ms=6000):
    """The page's document after `script` has run, as text."""
    if script:
        text = page.read_text()
        page = page.with_name("scripted.html")
        page.write_text(text.replace("<body>", f"<body><script>const later = setInterval(() => {{ if (document.querySelector('[data-ready]')) {{ clearInterval(later); {script} }} }}, 50)</script>", 1))
    with tempfile.TemporaryDirectory() as profile:
        done = subprocess.run(
            [CHROMIUM, *FLAGS, f"--user-data-dir={profile}", f"--virtual-time-budget={wait_ms}", "--dump-dom", f"file://{page}"],
            capture_output=True, text=True, timeout=90,
        )
    assert "data-ready" in done.stdout, done.stdout[-2000:] + done.stderr[-2000:]
    # The page's own script text is part of the document; what it shows is not in it.
    return re.sub(r"<script.*?</script>", "", done.stdout, flags=re.S)


PROGRAM = """
import time
def busy(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        x = sum([k * k for k in range(2000)])  # hot
busy(0.6)
"""


def test_views_show_the_hot_function(recorder):
    recorder.record(PROGRAM)
    page = recorder.folder / "page.html"
    done = recorder.command("view", "record.odp", "--html", page)
    assert done.returncode == 0, done.stderr
    assert not re.search(r"(src|href)=[\"']?https?:", page.read_text())
    assert "default-src 'none'" in page.read_text()
    functions = dom(page, "document.getElementById('tab-functions').click()")
    rows = re.findall(r'class="name"[^>]*>.*?</i>([^<]*)</span>', functions)
    assert "busy" in rows[:3]
    source = dom(page, "document.getElementById('tab-source').click()")
    here = re.search(r'<div class="line here">.*?<span class="number">(\d+)</span>', source, re.S)
    assert here and int(here[1]) == line_of(PROGRAM, "hot")
    about = dom(page, "document.getElementById('tab-about').click()")
    assert "0 lost" in about and "sigtrap" in about
    opened = dom(page, "document.getElementById('tab-source').click(); setTimeout(() => document.querySelector('.line.here').click(), 300)")
    assert "BINARY_OP" in opened


def test_the_server_is_on_loopback(recorder):
    import signal
    import sys
    import urllib.request

    from profile_support import environment

    recorder.record("sum(range(10**6))")
    server = subprocess.Popen(
        [sys.executable, "-m", "overdrive", "view", "record.odp", "--no-browser"],
        cwd=recorder.folder, env=environment(), stdout=subprocess.PIPE, text=True,
    )
    try:
        address = re.search(r"http://127\.0\.0\.1:\d+/", server.stdout.readline())[0]
        body = urllib.request.urlopen(address, timeout=10).read()
        assert b"Overdrive profile" in body
    finally:
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=10) == 0


def million():
    """A profile of a million samples in 16 threads, 60,000 stacks."""
    from overdrive.profile.model import Frame, Process, Profile, Thread

    rng = random.Random(1)
    profile = Profile()
    process = Process(0)
    process.pid, process.argv, process.clock, process.python = 1, ["python", "big.py"], "sigtrap", "3.13.0"
    profile.processes = [process]
    for k in range(16):
        thread = Thread(process, 100 + k)
        thread.comm = f"thread {k}"
        profile.threads.append(thread)
    profile.frames = [Frame("mark", "all")] + [Frame("python" if k % 3 else "native", f"function_{k}", f"file_{k % 90}.py", k % 300 + 1, "lib.so") for k in range(5000)]
    depth = [0]
    for k in range(1, 60_000):
        parent = int(rng.random() ** 3 * k)
        if depth[parent] > 60:
            parent = 0
        depth.append(depth[parent] + 1)
        profile.node_parent.append(parent)
        profile.node_frame.append(1 + int(rng.random() ** 2 * 4999))
    count = 1_000_000
    profile.time = array("Q", range(0, count * 62_500, 62_500))
    profile.cpu = array("q", [1_000_000]) * count
    profile.wait = array("q", [0]) * count
    profile.node = array("I", (1 + int(rng.random() ** 4 * 59_998) for _ in range(count)))
    profile.thread = array("I", (k % 16 for k in range(count)))
    profile.state, profile.flags, profile.task = bytearray(count), array("H", [0]) * count, array("Q", [0]) * count
    return profile


def test_a_million_samples(tmp_path):
    from overdrive.profile import view

    page = tmp_path / "big.html"
    page.write_bytes(view.page_bytes(million(), "big"))
    assert page.stat().st_size < 30e6
    started = time.monotonic()
    shown = dom(page, wait_ms=20000)
    taken = time.monotonic() - started
    assert "1,000,000 samples shown" in shown
    print(f"a million samples: {page.stat().st_size / 1e6:.1f} MB, Chromium started, showed it and ended in {taken:.1f} s")
    assert taken < 30


COMPILED = """
import time
def hot(count):
    x = 0.5
    for k in range(count):
        x = x * 0.99 + 0.5; x = x * 0.98 + 0.5; x = x * 0.97 + 0.5; x = x * 0.96 + 0.5  # hot
    return x
end = time.process_time() + 0.5
while time.process_time() < end:
    hot(20_000)
"""


def test_a_line_shows_its_machine_code(recorder):
    recorder.record(COMPILED, "--run")
    page = recorder.folder / "page.html"
    assert recorder.command("view", "record.odp", "--html", page).returncode == 0
    opened = dom(page, "document.getElementById('tab-source').click(); setTimeout(() => document.querySelector('.line.here').click(), 300)")
    machine = re.search(r'<details class="machine">.*?</details>', opened, re.S)
    assert machine and "mulsd" in machine[0] and "<b>hot</b>" in machine[0]
