# A sub-interpreter beside a main interpreter which runs hot code.
import _interpreters


def work(n):
    t = 0
    for i in range(n):
        t += i * i
    return t


for _ in range(12):
    work(200)
interp = _interpreters.create()
_interpreters.run_string(
    interp,
    "def f(n):\n    t = 0\n    for i in range(n):\n        t += i\n    return t\nfor _ in range(20): f(500)\nassert f(10) == 45\n",
)
print(work(1000))
_interpreters.destroy(interp)
print(work(2000))
