"""Joins the parts that the processes of one recording wrote into one self-contained file: adds names of native functions
and the text of the sources, which only this machine has."""

import collections
import glob
import json
import os
import struct
import zlib

from overdrive.profile import ProfileError, format


def parts_in(folder):
    """The part files of a recording, oldest first."""
    return sorted(glob.glob(os.path.join(glob.escape(folder), "*.part")), key=lambda p: (os.stat(p).st_mtime_ns, p))


def merge(parts, path, unseen=None):
    """Write the record `path` from the files `parts`, then remove them. unseen: {name: count} of processes without a part.

    Raises OSError when the file cannot be written; the parts are kept then. Parts that cannot be read are skipped;
    ProfileError if none can.
    """
    data = merged_bytes(parts, unseen)
    temporary = f"{path}.tmp"
    try:
        with open(temporary, "wb") as file:
            file.write(data)
        os.replace(temporary, path)
    except OSError:
        try:
            os.unlink(temporary)
        except OSError:
            pass
        raise
    for part in parts:
        os.unlink(part)


def merged_bytes(parts, unseen=None):
    """The bytes of the merged record."""
    from overdrive import _profile

    packed, totals, first = [], collections.Counter(), None
    seen = 0
    for number, part in enumerate(parts):
        try:
            with open(part, "rb") as file:
                data = file.read()  # not mapped: a process that just ends cuts its part to what it used, and that would be SIGBUS here
            if len(data) < format.HEADER.size or data[:8] != format.MAGIC:
                continue
            fields = format.HEADER.unpack_from(data)
            if fields[1] != format.VERSION:
                continue
            body = _profile.pack(data, number)
        except (OSError, ValueError):
            continue
        seen += 1
        counters = format.counters(struct.pack(f"<{len(format.COUNTER_NAMES)}Q", *fields[7:]))
        packed.append(body)
        packed.append(format.chunk(number, [format.record(format.COUNTERS, struct.pack(f"<{len(format.COUNTER_NAMES)}Q", *fields[7:]))]))
        totals.update(counters)
        if first is None or fields[5] < first[1]:
            first = fields[3], fields[5], fields[6]
    if not seen:
        raise ProfileError("no part of the recording can be read")
    if unseen:
        totals["unseen_children"] = sum(unseen.values())
        packed.append(format.chunk(0, [format.record(format.INFO, json.dumps({"kind": "unseen", "names": unseen}).encode())]))
    head = format.header(*first, totals)
    bare = head + b"".join(packed)
    return bare + _extras(bare)


def _extras(data):
    """Chunks with symbols and sources for what `data` mentions."""
    from overdrive import _profile
    from overdrive.profile import model

    reader = model._Reader(model.Profile(), data, _profile.scan(data))
    reader.profile.header = dict(reader.raw["header"], live=True)
    reader._raw_records()
    words = set(zip(_numbers("I", reader.raw["node_part"]), _numbers("Q", reader.raw["node_frame"])))
    records = []
    for (path, build_id), (names, lines) in model.native_names(words, reader.modules).items():
        entry = {"path": path, "build_id": build_id, "names": names, "lines": {a: list(v) for a, v in lines.items()}}
        records.append(format.record(format.SYMBOLS, json.dumps(entry).encode()))
    addresses = {a for kernel in reader.kernel.values() for _, chain in kernel for a in chain}
    if addresses:
        names = model.kernel_names(addresses)
        records.append(format.record(format.SYMBOLS, json.dumps({"path": model.KERNEL_KEY[0], "build_id": "", "names": names}).encode()))
    used = {reader.codes[part, word >> 32 & 0xFFFFFFF].file for part, word in words if word >> 60 in (1, 4) and (part, word >> 32 & 0xFFFFFFF) in reader.codes}
    for file in sorted(used):
        text = _source(file)
        if text is not None:
            name, packed = file.encode(errors="surrogateescape"), zlib.compress(text)
            records.append(format.record(format.SOURCE, struct.pack("<II", len(name), len(packed)) + name + packed))
    return format.chunk(0, records) if records else b""


def _numbers(code, data):
    return memoryview(data).cast(code)


def _source(file):
    if not os.path.isabs(file) or not os.path.isfile(file):
        return None
    try:
        import tokenize

        with tokenize.open(file) as stream:
            return stream.read().encode()
    except (OSError, SyntaxError, UnicodeDecodeError):
        return None
