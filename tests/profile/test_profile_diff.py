"""diff: finds a real change, keeps silent about chance."""

PROGRAM = """
import time
def steady(n):
    x = 0
    for k in range(n): x += k * k
    return x
def changed(n):
    x = 0
    for k in range(n): x += k * k
    return x
for _ in range(50):
    steady(30000)
    changed({n})
"""


def test_diff_finds_the_change_and_only_that(recorder):
    import overdrive.profile
    from overdrive.profile import diff

    before, _ = recorder.record(PROGRAM.format(n=10000), "--no-native")
    (recorder.folder / "record.odp").rename(recorder.folder / "before.odp")
    recorder.record(PROGRAM.format(n=100000), "--no-native")
    after = overdrive.profile.read(str(recorder.folder / "record.odp"))
    found = {c.name: c for c in diff.changes(before, after)}
    assert found["changed"].significant and found["changed"].delta_ns > 0
    assert found["changed"].delta_ns > 3 * abs(found["steady"].delta_ns)
    done = recorder.command("diff", "before.odp", "record.odp")
    assert done.returncode == 1 and "changed (" in done.stdout


def test_false_alarms_are_rare():
    """Two recordings of the same thing, drawn at random: at most about 5 % of the comparisons find any change."""
    import random

    from overdrive.profile import diff

    rng = random.Random(3)
    shares = [0.4, 0.2, 0.1, 0.1, 0.05, 0.05, 0.03, 0.03, 0.02, 0.02]

    def draw():
        counts = [0] * len(shares)
        for k in rng.choices(range(len(shares)), shares, k=1000):
            counts[k] += 1
        return {("python", f"f{k}", "x:1"): [n * 1_000_000, 0, n] for k, n in enumerate(counts)}

    original = diff.text.functions
    tables = []
    diff.text.functions = lambda profile, weight: tables.pop()
    try:
        alarms = 0
        for _ in range(200):
            tables += [draw(), draw()]
            alarms += any(c.significant for c in diff.changes(None, None))
    finally:
        diff.text.functions = original
    assert alarms <= 20
