"""Fixtures of the packaging tests."""

import pytest
from launching import execute_in


@pytest.fixture
def execute(tmp_path):
    """Run a command with the working directory in tmp_path and a clean environment."""
    return execute_in(tmp_path)
