import pathlib
import sys

# The tests share tests/harness.py with the fuzzer and the application runner.
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
