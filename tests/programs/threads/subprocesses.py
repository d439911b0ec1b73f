# Child interpreters inherit the environment; -E, -I and -S runs work too; standard input and exit codes pass.
import subprocess
import sys

code = """
def f(n):
    t = 0
    for i in range(n):
        t += i
    return t
print([f(k) for k in (10, 100, 50000)][-1], sum(map(int, input().split())))
raise SystemExit(f(3))
"""
for flags in ([], ["-E"], ["-I"], ["-S"], ["-O"], ["-X", "dev"], ["-W", "error"], ["-B", "-u"]):
    r = subprocess.run([sys.executable, *flags, "-c", code], input="1 2 3", capture_output=True, text=True)
    print(flags, r.returncode, r.stdout, r.stderr)
