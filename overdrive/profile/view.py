"""The page: one self-contained HTML file with the record's data in it, written to a file or served on loopback."""

import base64
import collections
import gzip
import json
import os
import re
import sys
from array import array

import overdrive.profile
from overdrive.profile import ProfileError, text

_TEMPLATE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "page", "page.html")
_KINDS = {"python": 0, "native": 1, "compiled": 2, "kernel": 3, "mark": 4}
_PLUMBING_KIND = 5

#: C functions of the interpreter that only pass calls on; the page leaves them out unless asked.
_PLUMBING = re.compile(
    r"_?Py(Eval|Object_(Vectorcall|Call|MakeTpCall|FastCall)|Function_Vectorcall|Vectorcall|Import_|Run_|Vectorcall_Call|CFunction|Obj_Call)"
    r"|PyObject_CallNoArgs|PyObject_CallOneArg|vectorcall_|cfunction_|method_vectorcall|builtin_exec|object_vacall|slot_tp_|type_call|classmethod_vectorcall"
    r"|pymain_|run_|_PyRun_|thread_run|pythread_wrapper|wrap_|gen_send_ex|gen_iternext|PLT stub|_PyCallMethodDescriptor|method_call|partial_vectorcall|wrapper_call|_PyEval_"
    # ways into compiled code and out of it
    r"|od(Vectorcall|CountingVectorcall|EntrySlow|Exit)\b|od::\(anonymous namespace\)::(enter|bindAndEnter|enterInNewChunk|callInterpreted|nativeCall|callOtherwise|onJump)\("
)


def write_page(record, output):
    """Write the page of the record file `record` to `output`. Raises ProfileError and OSError."""
    page = page_bytes(overdrive.profile.read(record), os.path.basename(record))
    with open(output, "wb") as file:
        file.write(page)


def page_bytes(profile, title):
    """The page as bytes."""
    try:
        with open(_TEMPLATE, encoding="utf-8") as file:
            template = file.read()
    except FileNotFoundError:
        raise ProfileError(
            "this build of Overdrive has no page: it was built from source without Node.js; install Node.js and build again, or use `overdrive export`"
        ) from None
    meta, columns = _data(profile, title)
    blocks = "".join(
        f'<script type="application/octet-stream" id="{name}">{base64.b64encode(gzip.compress(data, 6, mtime=0)).decode()}</script>\n'
        for name, data in (("meta", json.dumps(meta).encode(errors="replace")), ("columns", columns))
    )
    return template.replace("<!--DATA-->", blocks, 1).encode()


def serve(record, port, browser):
    """Serve the page on the loopback interface until Ctrl-C. Returns the exit code."""
    import http.server

    page = page_bytes(overdrive.profile.read(record), os.path.basename(record))

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            found = self.path == "/"
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            body = page if found else b"not here"
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        address = f"http://127.0.0.1:{server.server_address[1]}/"
        print(f"{record}: {address} (Ctrl-C ends)", flush=True)
        if browser:
            import webbrowser

            webbrowser.open(address)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            sys.stdout.write("\n")
    return 0


# ------------------------------------------------------------------------------------------------------------------- data


def _planes(values, width):
    """Little-endian numbers as planes: all lowest bytes, then all second ones ..."""
    data = array("Q", list(values)).tobytes()
    return b"".join(data[k::8] for k in range(width))


class _Numbers:
    """Numbers for things in order of first use."""

    def __init__(self):
        self.index = {}

    def __call__(self, thing):
        return self.index.setdefault(thing, len(self.index))

    def __iter__(self):
        return iter(self.index)


def _data(profile, title):
    files, functions, function_codes = _Numbers(), _Numbers(), {}
    frames = []
    for frame in profile.frames:
        kind = _KINDS[frame.kind]
        if frame.kind in ("python", "compiled"):
            file, first = files(frame.file), frame.code.first_line if frame.code else frame.line
        else:
            file, first = files(frame.module) if frame.module else -1, 0
            if frame.kind == "native" and _PLUMBING.match(frame.name):
                kind = _PLUMBING_KIND
        function = functions((kind, frame.name, file, first))
        if frame.code is not None:
            function_codes.setdefault(function, frame.code)
        column = -1 if frame.column is None else frame.column
        frames.append([kind, function, file, frame.line, column, frame.end_line or 0, frame.end_column or 0, frame.instruction])
    parent, frame_of, place = _without_start(profile)
    start = profile.time[0] if len(profile.time) else 0
    processes = {id(process): k for k, process in enumerate(profile.processes)}
    tasks = _Numbers()
    tasks("no task")
    columns = [
        ("dt", [(t - s) // 1000 for t, s in zip(profile.time, [start, *profile.time[:-1]])], 6),
        ("cpu", [v // 1000 for v in profile.cpu], 6),
        ("wait", [v // 1000 for v in profile.wait], 6),
        ("node", [place[n] for n in profile.node], 4),
        ("thread", profile.thread, 2),
        ("task", [tasks(profile.task_names.get(k, "no task")) if k else 0 for k in profile.task], 2),
        ("state", profile.state, 1),
        ("flags", profile.flags, 2),
        ("parent", parent, 4),
        ("frame", frame_of, 4),
    ]
    if profile.of_memory and profile.allocations:
        columns = _allocation_columns(profile, place, parent, frame_of)
        start = profile.allocations[0].time_ns
    body = b"".join(_planes(values, width) for _, values, width in columns)
    sources = {}
    for file, number in files.index.items():
        if any(f[2] == number and f[0] in (0, 2) for f in frames):
            source = profile.source(file)
            if source is not None:
                sources[number] = source
    meta = {
        "title": title,
        "duration": profile.duration_ns // 1000,
        "quality": text.quality(profile),
        "processes": [
            {"name": p.name, "pid": p.pid, "python": p.python, "clock": p.clock, "ended": p.ended, "command": " ".join(p.argv)[:300]} for p in profile.processes
        ],
        "threads": [{"process": processes[id(t.process)], "name": t.name, "tid": t.tid} for t in profile.threads],
        "tasks": list(tasks),
        "holders": [[f"{name} ({file}:{line})", ns / 1000] for (name, file, line), ns in profile.gil_holders().most_common(12)],
        "files": list(files),
        "functions": [list(f) for f in functions],
        "frames": frames,
        "sources": sources,
        "bytecode": _bytecode(profile, function_codes),
        "machine": _machine(profile, function_codes),
        "memory": profile.of_memory,
        "columns": [{"name": n, "bytes": width, "count": len(values)} for n, values, width in columns],
    }
    return meta, body


def _without_start(profile):
    """The tree without what runs before the first Python frame: (parents, frames, old node -> new node)."""
    count = len(profile.node_parent)
    has_python = bytearray(count)  # this node or one of its callers is Python
    leads_to_python = bytearray(count)
    for n in range(1, count):
        kind = profile.frames[profile.node_frame[n]].kind
        has_python[n] = has_python[profile.node_parent[n]] or kind in ("python", "compiled", "mark")
    for n in range(count - 1, 0, -1):
        if has_python[n]:
            leads_to_python[n] = 1
        if leads_to_python[n]:
            leads_to_python[profile.node_parent[n]] = 1
    parent, frame, place, children = [0], [0], [0] * count, {}
    for n in range(1, count):
        above = place[profile.node_parent[n]]
        if leads_to_python[n] and not has_python[n]:
            place[n] = above
            continue
        key = above, profile.node_frame[n]
        if key not in children:
            children[key] = len(parent)
            parent.append(above)
            frame.append(profile.node_frame[n])
        place[n] = children[key]
    return parent, frame, place


def _allocation_columns(profile, place, parent, frame_of):
    rows = profile.allocations
    threads = {id(t): k for k, t in enumerate(profile.threads)}
    times = [a.time_ns for a in rows]
    return [
        ("dt", [(t - s) // 1000 for t, s in zip(times, [times[0], *times[:-1]])], 6),
        ("cpu", [a.weight for a in rows], 6),
        ("wait", [0] * len(rows), 6),
        ("node", [place[a.node] for a in rows], 4),
        ("thread", [threads[id(a.thread)] for a in rows], 2),
        ("task", [0] * len(rows), 2),
        ("state", [0] * len(rows), 1),
        ("flags", [0] * len(rows), 2),
        ("parent", parent, 4),
        ("frame", frame_of, 4),
    ]


def _bytecode(profile, function_codes):
    """{function: [(instruction, line, text), ...]} for lines with samples, where this Python knows the record's opcodes."""
    mine = ".".join(map(str, sys.version_info[:2]))
    if not all(p.python.startswith(mine + ".") for p in profile.processes):
        return {}
    sampled = collections.defaultdict(set)
    for frame in profile.frames:
        if frame.code is not None:
            sampled[id(frame.code)].add(frame.line)
    out = {}
    for function, code in function_codes.items():
        rows = [
            (k, code.position(k)[0], f"{name} {argument}".rstrip()) for k, name, argument in instructions(code.code) if code.position(k)[0] in sampled[id(code)]
        ]
        if rows:
            out[function] = rows[:400]
    return out


def _machine(profile, function_codes):
    """{function: [(line, instruction, unit, offset, text), ...]} for lines with samples in compiled code."""
    sampled = collections.defaultdict(set)
    for frame in profile.frames:
        if frame.kind == "compiled" and frame.code is not None:
            sampled[id(frame.code)].add(frame.line)
    units = collections.defaultdict(list)
    for unit in profile.machine:
        units[unit["qualname"], unit["file"], unit["first_line"]].append(unit)
    out = {}
    for function, code in function_codes.items():
        lines, rows = sampled[id(code)], []
        for unit in units.get((code.qualname, code.file, code.first_line), ()) if lines else ():
            placed = ((code.position(k)[0], k, unit["unit"], offset, text) for k, offset, text in unit["rows"])
            rows += [row for row in placed if row[0] in lines]
        if rows:
            out[function] = rows[:4000]
    return out


def instructions(code):
    """(code unit, name, argument or "") for each instruction of raw bytecode of this Python's own version, specialised
    names included."""
    import dis

    names = getattr(dis, "_all_opname", dis.opname)
    base = getattr(dis, "_deoptop", lambda op: op)
    caches = getattr(dis, "_inline_cache_entries", {})
    out, at, extended = [], 0, 0
    while at + 1 < len(code):
        op, argument = code[at], code[at + 1] | extended
        name = names[op] if op < len(names) else f"<{op}>"
        plain = base(op)
        plain_name = dis.opname[plain] if plain < len(dis.opname) else name
        extended = argument << 8 if plain_name == "EXTENDED_ARG" else 0
        if plain_name != "CACHE":
            out.append((at // 2, name, argument if plain > 43 or argument else ""))
        skip = caches.get(plain_name, 0) if isinstance(caches, dict) else caches[plain]
        at += 2 + 2 * skip
    return out
