"""Python loops around NumPy arrays and pandas frames: scalars of NumPy types in arithmetic, callbacks, group-by."""

import numpy as np
import pandas as pd


def scalars(values):
    total = 0
    kinds = set()
    for v in values:
        total = total + v * 2 - 1
        kinds.add(type(total).__name__)
        if v > total:
            total += 1.5
    return total, sorted(kinds)


def grid(n):
    a = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            a[i, j] = (i * j) % 7 + a[i - 1, j - 1] * 0.5
    return a


for turn in range(12):
    results = [scalars(np.arange(50, dtype=t)) for t in ("i4", "i8", "f4", "f8", "u1")] + [
        scalars([1, np.int64(2), 3.5, np.float32(1.5), True] * 4)
    ]
    if turn in (0, 11):
        print(results)
print(grid(9).sum(), grid(9)[8])
with np.errstate(all="ignore"):
    print(np.int8(127) + np.int8(1), np.float64(1) / 0, np.int64(5) // 0)
print(
    np.vectorize(lambda x, y: x if x > y else y * 2)([1, 5, 3], [4, 2, 3]),
    np.apply_along_axis(lambda row: sorted(row)[-1], 1, grid(4)),
)
try:
    np.ones(3) + np.ones(4)
except ValueError as error:
    print(error)

frame = pd.DataFrame({"k": list("abcabcabc"), "x": range(9), "y": [i * 0.5 for i in range(9)]})
print(frame.groupby("k").agg({"x": "sum", "y": ["mean", lambda s: s.max() - s.min()]}))
print(frame.apply(lambda row: f"{row.k}{row.x + row.y:.1f}", axis=1).tolist(), frame.x.map(lambda v: v**2).tolist())
for name, group in frame.groupby("k"):
    print(name, [(r.x, r.y) for r in group.itertuples()], group.x.rolling(2).sum().tolist())
frame["z"] = np.where(frame.x % 2, frame.x, -frame.y)
print(frame.merge(frame[["k", "z"]], on="k", suffixes=("", "_r")).pivot_table(index="k", values="z_r", aggfunc="sum"))
print(frame.loc[frame.x > 4].sort_values("z").to_csv(index=False))
copied = frame.copy()
copied.loc[0, "x"] = 99
print(frame.x[0], copied.x[0], frame.equals(copied))
