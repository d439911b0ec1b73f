# A module written to a temporary folder, run hot, changed on disk and reloaded, removed and imported again.
import importlib
import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True
folder = tempfile.TemporaryDirectory()
sys.path.insert(0, folder.name)
path = pathlib.Path(folder.name, "changing.py")


def write(body):
    path.write_text(body)
    importlib.invalidate_caches()


def use(n):
    out = 0
    for i in range(n):
        out += changing.f(i) + changing.K
    return out


write("K = 1\ndef f(x):\n    return x\n")
import changing

print([use(10) for _ in range(12)][-1])
old = changing.f
write("K = 0.5\ndef f(x):\n    return x * 100 + helper()\ndef helper():\n    return K\n")
importlib.reload(changing)
print([use(10) for _ in range(12)][-1], old(5), old is changing.f)
write("from math import floor as f\nK = 2**64\n")
importlib.reload(changing)
print([use(10) for _ in range(12)][-1])
del sys.modules["changing"]
write("K = 7\ndef f(x, y=[]):\n    y.append(x)\n    return len(y)\n")
before = changing
import changing

print(before is changing, [use(3) for _ in range(12)])
folder.cleanup()
