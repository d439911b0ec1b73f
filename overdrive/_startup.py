"""Switch Overdrive on in a process that has OVERDRIVE=1 in its environment.

Imported by overdrive.pth while `site` runs, before the program: whatever happens here, the
program must start. Sub-interpreters are not served, which needs no message: the main one may
be.
"""

import os

import overdrive


def _main_interpreter():
    try:
        import _interpreters
    except ImportError:  # not CPython 3.13: refused in other words
        return True
    return _interpreters.get_current()[0] == _interpreters.get_main()[0]


if _main_interpreter() and overdrive.enable() and "OVERDRIVE_REPORT" in os.environ:
    from overdrive._report import write_at_exit

    write_at_exit(os.environ["OVERDRIVE_REPORT"])
