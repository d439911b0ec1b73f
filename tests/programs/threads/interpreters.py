# A sub-interpreter beside a main interpreter which runs hot code. Overdrive does not serve it and says so in one line on
# standard error, by design; that line alone is kept from the comparison.
import os

import _interpreters


def work(n):
    t = 0
    for i in range(n):
        t += i * i
    return t


SOURCE = """
def f(n):
    t = 0
    for i in range(n):
        t += i
    return t
for _ in range(20):
    f(500)
assert f(10) == 45
"""

for _ in range(12):
    work(200)
kept = os.dup(2)
null = os.open(os.devnull, os.O_WRONLY)
os.dup2(null, 2)
interpreter = _interpreters.create()
os.dup2(kept, 2)
failed = _interpreters.run_string(interpreter, SOURCE)
print(failed, work(1000))
_interpreters.destroy(interpreter)
print(work(2000))
