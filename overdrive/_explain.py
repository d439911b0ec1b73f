"""Merge the reports of a program's processes and print them (docs/explain.md)."""

import json
import linecache
import os

from overdrive._words import counted

#: What one deopt is reckoned to cost, in milliseconds, to rank units by.
DEOPT_MS = 0.002

#: What one point of heat stands for: the sampler looks about once a millisecond.
HEAT_MS = 1.0

#: Reasons that lose nothing, however hot the unit was: what is worth it in these is compiled as units of its own.
NOTHING_LOST = ("runs_once", "generator")


def merge(folder):
    """Read every report in `folder` into one: the oldest process's, then its children's."""
    reports = []
    for name in os.listdir(folder):
        if name.endswith(".json"):
            path = os.path.join(folder, name)
            with open(path, encoding="utf-8") as file:
                reports.append((os.stat(path).st_mtime_ns, json.load(file)))
    # The parent ends last, so its report is the youngest file.
    reports.sort(key=lambda pair: -pair[0])
    processes, units = [], {}
    for _, report in reports:
        processes.append({key: value for key, value in report.items() if key != "units"})
        for unit in report["units"]:
            key = (unit.get("kind"), unit.get("file"), unit.get("line"), unit.get("qualname"), unit.get("state"))
            if key in units:
                add(units[key], unit)
            else:
                units[key] = dict(unit)
    ranked = sorted(units.values(), key=rank)
    for unit in ranked:
        unit.setdefault("source", source_line(unit.get("file"), unit.get("line")))
        for deopt in unit.get("deopts", ()):
            if not deopt.get("source"):
                deopt["source"] = source_line(deopt.get("file"), deopt.get("line"))
    return {"schema": 1, "processes": processes, "units": ranked, "totals": totals(ranked)}


def add(unit, other):
    """Add the counts of the same unit in another process."""
    for name in ("compile_ms", "code_bytes", "entries", "heat"):
        unit[name] = unit.get(name, 0) + other.get(name, 0)
    deopts = {(d.get("reason"), d.get("line"), d.get("file")): dict(d) for d in unit.get("deopts", ())}
    for deopt in other.get("deopts", ()):
        key = (deopt.get("reason"), deopt.get("line"), deopt.get("file"))
        if key in deopts:
            deopts[key]["count"] = deopts[key].get("count", 0) + deopt.get("count", 0)
        else:
            deopts[key] = dict(deopt)
    unit["deopts"] = list(deopts.values())


def deopt_count(unit):
    return sum(deopt.get("count", 0) for deopt in unit.get("deopts", ()))


def lost_ms(unit):
    """The time that a unit lost to the interpreter, where a change of the program may win it back."""
    lost = DEOPT_MS * deopt_count(unit)
    if unit.get("state") == "declined" and unit.get("reason") not in NOTHING_LOST:
        lost += HEAT_MS * unit.get("heat", 0)
    return lost


def rank(unit):
    """The sort key of the report. What lost most comes first; compile time, which nobody can change, only orders equals."""
    compiled = unit.get("state") == "compiled"
    return -lost_ms(unit), unit.get("reason") in NOTHING_LOST, compiled, -unit.get("compile_ms", 0), -unit.get("entries", 0)


def totals(units):
    """The sums over all units."""
    compiled = [unit for unit in units if unit.get("state") == "compiled"]
    declined = [unit for unit in units if unit.get("state") == "declined"]
    return {
        "compiled": len(compiled),
        "declined": len(declined),
        "compile_ms": round(sum(unit.get("compile_ms", 0) for unit in units), 3),
        "code_bytes": sum(unit.get("code_bytes", 0) for unit in units),
        "entries": sum(unit.get("entries", 0) for unit in units),
        "deopts": sum(map(deopt_count, units)),
    }


def source_line(file, line):
    """The text of one source line, or "" where there is none."""
    if not file or not line:
        return ""
    return linecache.getline(file, line).strip()


def as_json(report):
    return json.dumps(report, indent=2) + "\n"


def short_path(path):
    """A path relative to the working directory where that is shorter."""
    if not path or path.startswith("<"):
        return path or "?"
    relative = os.path.relpath(path)
    return path if relative.startswith("..") else relative


def as_text(report, limit):
    """The report for a person: a line of totals, then the units by rank."""
    total = report["totals"]
    lines = [
        "",
        f"Overdrive: {total['compiled']} compiled, {total['declined']} declined, "
        f"{counted(total['deopts'], 'time')} back to the interpreter; "
        f"{total['compile_ms']:.1f} ms compiling, {total['code_bytes'] / 1024:.1f} KiB of code"
        + (f"; {counted(len(report['processes']), 'process')}" if len(report["processes"]) > 1 else ""),
    ]
    units = report["units"]
    shown = units if limit <= 0 else units[:limit]
    for unit in shown:
        lines += ["", *unit_lines(unit)]
    if len(shown) < len(units):
        lines += ["", f"... and {len(units) - len(shown)} more (--limit 0 shows all)"]
    if not units:
        lines += ["", "Nothing ran often enough to be compiled."]
    return "\n".join(lines) + "\n"


def unit_lines(unit):
    """One unit as lines of text."""
    place = f"{short_path(unit.get('file'))}:{unit.get('line', '?')}"
    kind = {"loop": "loop in ", "handler": "handler in ", "generator": "generator "}.get(unit.get("kind"), "")
    lines = [f"{place}  {kind}{unit.get('qualname', '?')}  [{unit.get('state', '?')}]"]
    if unit.get("source"):
        lines.append(f"    | {unit['source']}")
    if unit.get("state") == "compiled":
        lines.append(
            f"    compiled in {unit.get('compile_ms', 0):.2f} ms, {counted(unit.get('code_bytes', 0), 'byte')}, "
            f"entered {counted(unit.get('entries', 0), 'time')}"
        )
    if unit.get("reason"):
        lines.append(f"    why: {unit.get('sentence') or unit['reason']}")
    if unit.get("advice"):
        lines.append(f"    try: {unit['advice']}")
    for deopt in sorted(unit.get("deopts", ()), key=lambda d: -d.get("count", 0)):
        lines.append(
            f"    left {counted(deopt.get('count', 0), 'time')} at "
            f"{short_path(deopt.get('file') or unit.get('file'))}:{deopt.get('line', '?')}: "
            f"{deopt.get('sentence') or deopt.get('reason', '?')}"
        )
        if deopt.get("source"):
            lines.append(f"        | {deopt['source']}")
        if deopt.get("advice"):
            lines.append(f"        try: {deopt['advice']}")
    return lines
