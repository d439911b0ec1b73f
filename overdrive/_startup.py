"""Switch Overdrive on in a process that has OVERDRIVE=1 in its environment.

Imported by overdrive.pth while `site` runs, before the program: whatever happens here, the
program must start.
"""

import os

import overdrive

if overdrive.enable() and "OVERDRIVE_REPORT" in os.environ:
    from overdrive._report import write_at_exit

    write_at_exit(os.environ["OVERDRIVE_REPORT"])
