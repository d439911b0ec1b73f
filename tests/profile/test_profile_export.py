"""Exports: each format holds the same time on the same functions, as its own readers would see it."""

import collections
import gzip
import json
import re

import pytest

PROGRAM = """
import hashlib, time
def heavy(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end: sum(range(500))
def light(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end: hashlib.sha256(b"x" * 200000).digest()
heavy(0.6); light(0.2); time.sleep(0.2)
"""


@pytest.fixture(scope="module")
def record(tmp_path_factory):
    from profile_support import Recorder

    recorder = Recorder(tmp_path_factory.mktemp("export"))
    profile, _ = recorder.record(PROGRAM)
    return recorder, profile


def export(record, name, *options):
    recorder, _ = record
    done = recorder.command("export", "record.odp", "--format", name, "-o", "out", *options)
    assert done.returncode == 0, done.stderr
    return (recorder.folder / "out").read_bytes()


def expected(record):
    """CPU ns of `heavy` and `light`, callees included."""
    out = collections.Counter()
    for s in record[1].samples():
        for name in {f.name for f in s.stack if f.kind == "python"} & {"heavy", "light"}:
            out[name] += s.cpu_ns
    return out


def test_collapsed(record):
    counts = collections.Counter()
    for line in export(record, "collapsed").decode().splitlines():
        stack, _, count = line.rpartition(" ")
        for frame in stack.split(";"):
            assert re.fullmatch(r".+ \((.+:\d+|[^:()]+)\)|\[.+\]", frame), frame
        for name in ("heavy", "light"):
            counts[name] += int(count) * any(frame.startswith(f"{name} (") and "app.py:" in frame for frame in stack.split(";"))
    for name, ns in expected(record).items():
        assert counts[name] == pytest.approx(ns / 1e6, rel=0.02, abs=2)


def test_speedscope(record):
    document = json.loads(export(record, "speedscope"))
    frames = document["shared"]["frames"]
    sums = collections.Counter()
    for profile in document["profiles"]:
        assert profile["type"] == "sampled" and profile["unit"] == "nanoseconds"
        assert len(profile["samples"]) == len(profile["weights"])
        assert profile["endValue"] == sum(profile["weights"])
        for stack, weight in zip(profile["samples"], profile["weights"]):
            for name in ("heavy", "light"):
                sums[name] += weight * any(frames[k]["name"].startswith(f"{name} (") for k in stack)
    assert sums == expected(record)


def test_gecko(record):
    document = json.loads(export(record, "gecko"))
    sums = collections.Counter()
    for thread in document["threads"]:
        strings, frames, stacks = thread["stringTable"], thread["frameTable"]["data"], thread["stackTable"]["data"]
        for stack, time, _, cpu in thread["samples"]["data"]:
            names = set()
            while stack is not None:
                prefix, frame = stacks[stack]
                assert prefix is None or prefix < stack
                names.add(strings[frames[frame][0]].partition(" (")[0])
                stack = prefix
            for name in names & {"heavy", "light"}:
                sums[name] += cpu * 1e6
    for name, ns in expected(record).items():
        assert sums[name] == pytest.approx(ns)


def test_chrome(record):
    document = json.loads(export(record, "chrome"))
    frames = document["stackFrames"]
    assert all("parent" not in f or f["parent"] in frames for f in frames.values())
    sums = collections.Counter()
    for s in document["samples"]:
        names, at = set(), s["sf"]
        while at:
            names.add(frames[at]["name"].partition(" (")[0])
            at = frames[at].get("parent")
        for name in names & {"heavy", "light"}:
            sums[name] += s["weight"]
    assert sums == expected(record)
    events = [e for e in document["traceEvents"] if e["ph"] == "X"]
    assert events and all(e["dur"] > 0 for e in events)


def fields(data):
    """The fields of one protocol buffer message: (number, value)."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(data):
        tag = varint()
        if tag & 7 == 0:
            yield tag >> 3, varint()
        else:
            assert tag & 7 == 2
            size = varint()
            yield tag >> 3, data[at : at + size]
            at += size


def packed(data):
    out, value, shift = [], 0, 0
    for byte in data:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            out.append(value)
            value = shift = 0
    return out


def test_pprof(record):
    message = list(fields(gzip.decompress(export(record, "pprof"))))
    strings = [v.decode() for n, v in message if n == 6]
    assert strings[0] == ""
    types = [[strings[v] for _, v in fields(m)] for n, m in message if n == 1]
    assert types == [["samples", "count"], ["cpu", "nanoseconds"], ["wait", "nanoseconds"]]
    functions = {}
    for n, m in message:
        if n == 5:
            entry = dict(fields(m))
            functions[entry[1]] = strings[entry[2]]
    locations = {}
    for n, m in message:
        if n == 4:
            entry = dict(fields(m))
            locations[entry[1]] = functions[dict(fields(entry[4]))[1]]
    sums = collections.Counter()
    for n, m in message:
        if n == 2:
            entry = dict(fields(m))
            names = {locations[k] for k in packed(entry[1])}
            for name in names & {"heavy", "light"}:
                sums[name] += packed(entry[2])[1]
    assert sums == expected(record)


def test_text_fits_a_terminal_and_says_how_sure_it_is(record):
    text = export(record, "text").decode()
    assert len(text.splitlines()) <= 60
    assert re.search(r"^\s*[\d.]+ % ±[\d.]+ .* heavy \(.*app\.py:\d+\)", text, re.M)
    assert "0 lost" in text and "degraded:" in text and "clock:" in text


def test_rows_keep_file_and_line():
    from overdrive.profile.text import row

    assert row("1 %", "f", "/a.py:12", 80) == "1 %  f (/a.py:12)"
    assert row("1 %", "name" * 20, "/a.py:12", 60) == "1 %  " + "name" * 10 + "nam… (/a.py:12)"
    assert row("1 %", "name" * 20, "/folder" * 20 + "/a.py:12", 60) == "1 %  " + "name" * 5 + "nam… (…older/folder/folder/a.py:12)"
    assert "a.py:12)" in row("1 %", "f" * 90, "/folder" * 20 + "/a.py:12", 20)
    for width in range(40, 120):
        assert len(row("12.1 %  50.5 ms", "f" * 90, "/folder" * 20 + "/a.py:12", width)) == width


def test_a_lesser_clock_that_was_asked_for_is_not_blamed_on_the_kernel(recorder):
    from overdrive.profile.text import quality

    profile, _ = recorder.record("sum(range(10**6))", "--clock", "timer")
    (clock,) = [sentence for sentence in quality(profile) if sentence.startswith("clock:")]
    assert clock.startswith("clock: timer (asked for) - timers: ")
    profile.processes[0].options["force"] = ""
    assert "timer (the kernel refuses a better one)" in "; ".join(quality(profile))


def test_waits_can_be_exported(record):
    total = sum(int(line.rpartition(" ")[2]) for line in export(record, "collapsed", "--weight", "wait").decode().splitlines() if "app.py:9" in line and "heavy (" not in line and "light (" not in line)
    assert total == pytest.approx(200, rel=0.3)


def test_pprof_of_memory_mode(recorder):
    profile, _ = recorder.record("kept = [bytearray(100_000) for _ in range(400)]; dropped = [bytes(k) for k in range(20_000)]; del dropped", "--mode", "memory")
    message = list(fields(gzip.decompress(export((recorder, profile), "pprof"))))
    strings = [v.decode() for n, v in message if n == 6]
    types = [[strings[v] for _, v in fields(m)] for n, m in message if n == 1]
    assert types == [["alloc_objects", "count"], ["alloc_space", "bytes"], ["inuse_objects", "count"], ["inuse_space", "bytes"]]
    sums = [sum(values) for values in zip(*(packed(dict(fields(m))[2]) for n, m in message if n == 2))]
    assert sums[1] == sum(profile.folded("allocated").values()) and sums[3] == sum(profile.folded("alive").values())
    assert 0 < sums[3] < sums[1] and 0 < sums[2] < sums[0]


@pytest.mark.parametrize("number, noun, text", [(1, "time", "1 time"), (0, "time", "0 times"), (2, "process", "2 processes"), (1200, "child process", "1,200 child processes")])
def test_nouns_agree_with_their_numbers(number, noun, text):
    from overdrive._words import counted

    assert counted(number, noun) == text
