"""Fixtures of the packaging tests."""

import signal

import pytest
from launching import execute_in

# A job in the background of a script ignores interrupts, and so would every program that is started here.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def execute(tmp_path):
    """Run a command with the working directory in tmp_path and a clean environment."""
    return execute_in(tmp_path)
