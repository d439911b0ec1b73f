"""Fixtures of the profiler's tests.

Tests that take long are marked `heavy` and run only with OVERDRIVE_HEAVY=1 (docs/profile.md names the command).
"""

import os
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import profile_support

HEAVY = os.environ.get("OVERDRIVE_HEAVY") == "1"


def pytest_configure(config):
    config.addinivalue_line("markers", "heavy: takes long; runs with OVERDRIVE_HEAVY=1")


def pytest_collection_modifyitems(items):
    here = pathlib.Path(__file__).parent
    for item in items:
        if here in item.path.parents and "heavy" in item.keywords and not HEAVY:
            item.add_marker(pytest.mark.skip(reason="heavy: set OVERDRIVE_HEAVY=1 to run it"))


@pytest.fixture
def recorder(tmp_path):
    """A profile_support.Recorder in a fresh folder."""
    return profile_support.Recorder(tmp_path)
