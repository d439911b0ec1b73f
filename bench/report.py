"""The table and the chart of a benchmark run (see run.py for what is measured)."""

import html
import math
import statistics


#: A ratio below this counts as slower where the interval agrees.
SLOWER = 0.98


def geomean(values):
    return math.exp(statistics.fmean(map(math.log, values))) if values else None


def measured(result, name, groups=None):
    """Every (row, figures) of interpreter `name`, in the given groups."""
    for row in result["rows"]:
        figures = row.get("others", {}).get(name)
        if figures and (groups is None or row["group"] in groups):
            yield row, figures


def summary(result):
    """Geometric means by group and the other figures that have a target, by interpreter."""
    out = {}
    for name in result["interpreters"]:
        if name == "base":
            continue
        pairs = list(measured(result, name))
        if not pairs:
            continue
        groups = {}
        for row, figures in pairs:
            groups.setdefault(row["group"], []).append(figures["ratio"])
        pure = [f["ratio"] for row, f in pairs if row["group"] != "applications"]
        growth = [f["peak_kb"] - row["base_peak_kb"] for row, f in pairs]
        relative = [f["peak_kb"] / row["base_peak_kb"] for row, f in pairs]
        out[name] = {
            "groups": {group: geomean(values) for group, values in groups.items()},
            "pure": geomean(pure),
            "all": geomean([f["ratio"] for _, f in pairs]),
            # Slower: the whole interval says so, by more than the 2 % that two equal processes
            # differ by. One round has no interval and says nothing.
            "slower": sorted(
                (
                    (row["name"], f["ratio"])
                    for row, f in pairs
                    if f["high"] is not None and f["high"] < 1.0 and f["ratio"] < SLOWER
                ),
                key=lambda pair: pair[1],
            ),
            "to_peak_s": statistics.median(f["to_peak_s"] for _, f in pairs),
            "start_up_ms": result["start_up_ms"][name]["median_wall"] - result["start_up_ms"]["base"]["median_wall"],
            "memory_kb": statistics.median(growth),
            "memory_ratio": statistics.median(relative),
            "memory_worst": max(relative),
        }
    return out


def table(result):
    """The run as text."""
    names = [name for name in result["interpreters"] if name != "base"]
    lines = [
        f"{result['date']}  {result['machine']}",
        *(f"  {name}: {build}" for name, build in result["interpreters"].items()),
        f"  {result['rounds']} rounds of {result['seconds']} CPU seconds each, best iteration; "
        "ratio = base / other, larger is faster",
        "",
    ]
    head = f"{'program':<28}{'base ms':>9}"
    for name in names:
        head += f"{name[:14]:>15}{'95 % interval':>16}{'ms':>9}{'to 90 % s':>11}{'peak':>7}"
    lines.append(head)
    group = None
    for row in result["rows"]:
        if row["group"] != group:
            group = row["group"]
            lines.append(f"-- {group}")
        if "base_ms" not in row:
            lines.append(f"{row['name']:<28}  skipped: {row['failed']['base'][:120]}")
            continue
        line = f"{row['name'][:28]:<28}{row['base_ms']:>9.1f}"
        for name in names:
            figures = row["others"].get(name)
            if figures is None:
                line += f"{'failed: ' + row['failed'].get(name, '?')[:48]:>58}"
                continue
            span = f"{figures['low']:.2f} - {figures['high']:.2f}" if figures["low"] is not None else ""
            growth = figures["peak_kb"] / row["base_peak_kb"]
            mark = "" if figures["same_result"] else "  DIFFERENT RESULT"
            line += (
                f"{figures['ratio']:>14.2f}x{span:>16}{figures['best_ms']:>9.1f}"
                f"{figures['to_peak_s']:>11.2f}{growth:>6.2f}x{mark}"
            )
        lines.append(line)
    for name, figures in result["summary"].items():
        lines += ["", f"{name} over base"]
        for group_name, value in figures["groups"].items():
            lines.append(f"  geomean {group_name:<20}{value:>6.2f}x")
        if figures["pure"]:
            lines.append(f"  geomean all but applications{figures['pure']:>5.2f}x")
        lines.append(f"  geomean all                 {figures['all']:>5.2f}x")
        slower = ", ".join(f"{program} {ratio:.2f}" for program, ratio in figures["slower"]) or "none"
        lines.append(f"  slower than base            {slower}")
        lines.append(f"  time to 90 % of own peak    {figures['to_peak_s']:.2f} s (median)")
        lines.append(f"  start-up, empty program     {figures['start_up_ms']:+.1f} ms")
        lines.append(
            f"  peak memory                 {figures['memory_kb'] / 1024:+.1f} MB, "
            f"{figures['memory_ratio']:.2f}x (medians), worst {figures['memory_worst']:.2f}x"
        )
    return "\n".join(lines)


COLOURS = ["#c2410c", "#2563eb", "#15803d", "#7c3aed", "#a16207", "#0e7490"]


def chart(result):
    """The run as an SVG: one bar a program and interpreter on a logarithmic scale."""
    names = [name for name in result["interpreters"] if name != "base"]
    rows = [row for row in result["rows"] if row.get("others")]
    ratios = [f["ratio"] for row in rows for f in row["others"].values()] or [1.0]
    low = min(0.5, *ratios) * 0.95
    high = max(2.0, *ratios) * 1.1
    left, width, bar, gap = 190, 620, 11, 7
    step = bar * len(names) + gap
    scale = width / math.log(high / low)

    def x(ratio):
        return left + math.log(ratio / low) * scale

    body = []
    y = 70 + 16 * len(result["interpreters"])
    top = y
    group = None
    for row in rows:
        if row["group"] != group:
            group = row["group"]
            y += 18
            mean = "; ".join(
                f"{name} {s['groups'][group]:.2f}x" for name, s in result["summary"].items() if group in s["groups"]
            )
            body.append(f'<text x="{left}" y="{y}" font-weight="bold">{group} (geomean: {html.escape(mean)})</text>')
            y += 8
        for index, name in enumerate(names):
            figures = row["others"].get(name)
            if figures is None:
                continue
            start, end = sorted((x(1.0), x(figures["ratio"])))
            colour = COLOURS[index % len(COLOURS)]
            at = y + index * bar
            body.append(f'<rect x="{start:.1f}" y="{at}" width="{max(end - start, 1):.1f}" height="{bar - 2}" fill="{colour}"/>')
            if figures["low"] is not None:
                a, b = x(max(figures["low"], low)), x(min(figures["high"], high))
                middle = at + (bar - 2) / 2
                body.append(f'<path d="M{a:.1f} {middle}H{b:.1f}" stroke="#000" stroke-width="1"/>')
            body.append(f'<text x="{left + width + 10}" y="{at + 9}" font-size="10">{figures["ratio"]:.2f}x</text>')
        body.append(f'<text x="{left - 8}" y="{y + 9 + bar * (len(names) - 1) / 2}" text-anchor="end">{html.escape(row["name"][:28])}</text>')
        y += step
    grid = []
    for tick in (0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256):
        if low <= tick <= high:
            shade = "#000" if tick == 1 else "#ccc"
            grid.append(f'<path d="M{x(tick):.1f} {top}V{y}" stroke="{shade}"/>')
            grid.append(f'<text x="{x(tick):.1f}" y="{y + 14}" text-anchor="middle">{tick}x</text>')
    notes = [f'<text x="12" y="40">{html.escape(result["date"] + "  " + result["machine"])}</text>']
    for index, (name, build) in enumerate(result["interpreters"].items()):
        colour = COLOURS[(index - 1) % len(COLOURS)] if index else "#000"
        notes.append(f'<text x="12" y="{58 + 16 * index}" fill="{colour}">{html.escape(f"{name}: {build}")}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + width + 70}" height="{y + 28}" '
        'font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="#fff"/>'
        '<text x="12" y="22" font-size="16" font-weight="bold">Speed over the same interpreter (CPU time, best '
        "iteration; line: 95 % interval)</text>" + "".join(notes) + "".join(grid) + "".join(body) + "</svg>\n"
    )
