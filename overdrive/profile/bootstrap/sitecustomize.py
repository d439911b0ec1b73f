"""Starts recording where overdrive_profile.pth is not installed, then runs the sitecustomize that this one hides."""

import os
import sys


def _run():
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [path for path in sys.path if os.path.abspath(path or ".") != here]
    own = sys.modules.pop("sitecustomize", None)
    try:
        if os.environ.get("OVERDRIVE_PROFILE_INTO"):
            import overdrive.profile._start  # noqa: F401
    except ImportError:
        pass
    try:
        import sitecustomize  # noqa: F401
    except ImportError:
        sys.modules["sitecustomize"] = own


_run()
