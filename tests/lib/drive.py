"""Runs one module of CPython's own tests and writes the outcome of each test as JSON.

    python tests/lib/drive.py OUT.json test_dict

`python -m test` answers for whole modules; to compare two runs, the outcome of each single test is wanted.
"""

import importlib
import json
import sys
import unittest


class Outcomes(unittest.TestResult):
    """Keeps one word for each test; a failing subtest makes its test fail."""

    def __init__(self):
        super().__init__()
        self.outcomes = {}
        self.details = {}

    def note(self, test, word, error=None):
        name = test.id()
        if self.outcomes.get(name) not in ("failed", "error"):
            self.outcomes[name] = word
        if error is not None:
            self.details.setdefault(name, self._exc_info_to_string(error, test)[-3000:])

    def addSuccess(self, test):
        self.note(test, "passed")

    def addFailure(self, test, err):
        self.note(test, "failed", err)

    def addError(self, test, err):
        self.note(test, "error", err)

    def addSkip(self, test, reason):
        self.note(test, "skipped")

    def addExpectedFailure(self, test, err):
        self.note(test, "expected failure")

    def addUnexpectedSuccess(self, test):
        self.note(test, "unexpected success")

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self.note(test, "failed" if issubclass(err[0], test.failureException) else "error", err)


def hide_own_events() -> None:
    """The modes for testing have JUMP events in all code, as the optimiser's tool, which test_monitoring would count."""
    monitoring, own = sys.monitoring, sys.monitoring.OPTIMIZER_ID
    if not monitoring.get_events(own):
        return
    events, all_events = monitoring.get_events, monitoring._all_events
    monitoring.get_events = lambda tool: 0 if tool == own else events(tool)
    monitoring._all_events = lambda: {e: others for e, t in all_events().items() if (others := t & ~(1 << own))}


def main() -> None:
    hide_own_events()
    out, name = sys.argv[1:]
    # Tests look at their own command line.
    sys.argv = [f"test.{name}"]
    from test import support

    # As `python -m test` has it: no resource is allowed, so nothing opens a window, fills the disk or uses the network.
    support.use_resources = ()
    module = importlib.import_module(f"test.{name}")
    result = Outcomes()
    unittest.defaultTestLoader.loadTestsFromModule(module).run(result)
    with open(out, "w", encoding="utf-8") as file:
        json.dump({"outcomes": result.outcomes, "details": result.details}, file)


if __name__ == "__main__":
    main()
