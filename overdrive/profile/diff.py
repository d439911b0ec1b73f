"""`overdrive diff A B`: which functions changed, and whether the change is more than the chance of sampling.

Each function's time is a number of samples, which scatters like a Poisson variable (both the share and the whole run differ). A
change counts as significant when a two-sided test finds it with a false-alarm rate of 5 % over all functions together
(Benjamini and Hochberg's procedure), and the estimate comes with its 95 % interval.
"""

import collections
import math

from overdrive._words import counted
from overdrive.profile import text

_Z = 1.96
_ALARM = 0.05


class Change:
    """One function in both records: times in ns, samples, p value, significant."""

    def __init__(self, key, before, after):
        self.kind, self.name, self.place = key
        self.before_ns, _, self.before_samples = before
        self.after_ns, _, self.after_samples = after
        self.p = 1.0
        self.significant = False
        # One sample stands for the same time on average, so the error of a time is its sample's error.
        self.error_ns = _Z * math.hypot(_error(self.before_ns, self.before_samples), _error(self.after_ns, self.after_samples))

    @property
    def delta_ns(self):
        return self.after_ns - self.before_ns

    def test(self, scale):
        """Two-sided test of equal rates; `scale`: ns a sample stands for."""
        error = math.sqrt((self.before_ns + self.after_ns) * scale)
        z = (abs(self.delta_ns) - scale / 2) / error if error else 0.0
        self.p = math.erfc(z / math.sqrt(2)) if z > 0 else 1.0


def _error(ns, samples):
    return ns / math.sqrt(samples) if samples else 0.0


def changes(before, after, weight="cpu"):
    """All functions with own time in either record, largest change first; significance is filled in."""
    a, b = text.functions(before, weight), text.functions(after, weight)
    a, b = _comparable(a), _comparable(b)
    out = [Change(key, a.get(key, (0, 0, 0)), b.get(key, (0, 0, 0))) for key in a.keys() | b.keys()]
    out = [c for c in out if c.before_ns or c.after_ns]
    samples = sum(c.before_samples + c.after_samples for c in out) or 1
    scale = sum(c.before_ns + c.after_ns for c in out) / samples
    for change in out:
        change.test(scale)
    ranked = sorted(out, key=lambda c: c.p)
    passed = 0
    for k, change in enumerate(ranked, 1):
        if change.p <= _ALARM * k / len(ranked):
            passed = k
    for change in ranked[:passed]:
        change.significant = True
    return sorted(out, key=lambda c: (not c.significant, -abs(c.delta_ns)))


def _comparable(functions):
    """The same function in two versions of a file begins on another line: compare by file and name."""
    out = collections.defaultdict(lambda: [0, 0, 0])
    for (kind, name, place), values in functions.items():
        file = place.rpartition(":")[0] if kind in ("python", "compiled") else place
        entry = out["python" if kind == "compiled" else kind, name, file]
        for k, value in enumerate(values):
            entry[k] += value
    return out


def report(before, after, weight="cpu", rows=20):
    """(text, whether anything changed significantly)."""
    found = changes(before, after, weight)
    totals = [sum(p.weights(weight)) for p in (before, after)]
    counts = [sum(1 for v in p.weights(weight) if v) for p in (before, after)]
    whole = Change(("", "", ""), (totals[0], 0, counts[0]), (totals[1], 0, counts[1]))
    change = 100 * whole.delta_ns / totals[0] if totals[0] else 0.0
    out = [
        f"{weight} time: {text.seconds(totals[0])} -> {text.seconds(totals[1])} ({change:+.1f} % ±{100 * whole.error_ns / totals[0] if totals[0] else 0:.1f}), "
        f"{counts[0]:,} and {counted(counts[1], 'sample')}"
    ]
    significant = [c for c in found if c.significant]
    out.append(f"{len(significant)} of {counted(len(found), 'function')} changed by more than chance (false alarms 5 %)")
    shown = significant[:rows]
    if shown:
        out += ["", "   before      after     change        95 % interval   function"]
    for c in shown:
        out.append(f"{text.seconds(c.before_ns):>9}  {text.seconds(c.after_ns):>9}  {_signed(c.delta_ns):>9}  ±{text.seconds(c.error_ns):>9}  p={c.p:<8.1e} {c.name} ({c.place})")
    if len(significant) > rows:
        out.append(f"... and {len(significant) - rows} more (--rows)")
    out += ["", "before: " + "; ".join(text.quality(before)), "after:  " + "; ".join(text.quality(after))]
    return "\n".join(out) + "\n", bool(significant)


def _signed(ns):
    return ("+" if ns > 0 else "-") + text.seconds(abs(ns)) if ns else "0"
