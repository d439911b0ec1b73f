"""Native and Python stacks fit together, in libraries of all kinds."""

import pytest

NUMPY = """
import time, numpy as np
a = np.random.rand(150, 150); b = np.random.rand(60000)
f = np.vectorize(lambda x: x + 1); g = np.frompyfunc(lambda x: x * 2, 1, 1)
end = time.process_time() + 2
while time.process_time() < end:
    a @ a; np.sort(b); np.exp(b); b[b > 0.5].sum(); f(b[:400]); g(b[:400])
    np.apply_along_axis(lambda r: r.sum(), 1, a); np.linalg.svd(a[:40, :40])
"""

CALLBACKS = """
import ctypes, functools, json, re, time
C = ctypes.CDLL(None)
kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int))
compare = kind(lambda x, y: x[0] - y[0])
numbers = (ctypes.c_int * 300)(*[k * 7919 % 1009 for k in range(300)])
words = [str(k * 7919 % 10007) for k in range(2000)]
end = time.process_time() + 1.5
while time.process_time() < end:
    C.qsort((ctypes.c_int * 300)(*numbers), 300, 4, compare)
    sorted(words, key=lambda s: int(s)); re.sub(r"\\d", lambda m: "x", "a1b2c3" * 50)
    json.dumps({"a": words[:200]}); functools.reduce(lambda x, y: x + len(y), words, 0)
"""


def merged_share(profile):
    """Share of native stacks that reached their root and fit their Python frames."""
    from overdrive.profile import format

    bad = sum(1 for f in profile.flags if f & (format.UNMERGED | format.NATIVE_CUT))
    return 1 - bad / len(profile.flags)


@pytest.mark.parametrize("name", ["numpy", "callbacks"])
def test_native_stacks_merge(recorder, name):
    profile, _ = recorder.record({"numpy": NUMPY, "callbacks": CALLBACKS}[name], "--rate", 4000, timeout=120)
    assert len(profile.time) > 4000
    assert merged_share(profile) >= 0.995
    # A Python callback stands between the native frames that called it and its own callees.
    assert any(called_back(profile.trimmed_stack(node)) for node in set(profile.node))


def called_back(stack):
    kinds = [frame.kind for frame in stack]
    return "native" in kinds and "python" in kinds[kinds.index("native") :] and kinds[0] == "python"
