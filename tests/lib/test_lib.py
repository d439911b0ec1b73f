"""CPython's own tests under Overdrive: the outcome of each single test is the one it has without.

    pytest tests/lib -n 2                       the modules that fit CI, in two modes
    pytest tests/lib -n 2 --full                all modules, all modes
    pytest tests/lib -k "test_descr and warm"   some of it

A test that fails in stock CPython too (no network, running as root, ...) is no failure here; one whose outcome changes
is. Where outcomes differ the module is run once more on both sides, and only what differs again counts: some of
these tests depend on timing.
"""

import functools
import importlib.util
import json
import pathlib
import sys

import harness
import pytest

DRIVER = pathlib.Path(__file__).with_name("drive.py")
TIMEOUT = 600

# What Overdrive could break most easily comes first; all of these together take about a minute in stock CPython.
CI = """
test_frame test_sys_settrace test_sys_setprofile test_monitoring test_generators test_coroutines test_asyncgen
test_yield_from test_exceptions test_exception_group test_except_star test_exception_variations test_raise
test_traceback test_super test_scope test_descr test_gc test_weakref test_finalization test_dict
test_list test_tuple test_set test_int test_long test_float test_complex test_bool test_range test_slice test_call
test_extcall test_keywordonlyarg test_positional_only_arg test_with test_contextlib test_dataclasses test_functools
test_itertools test_richcmp test_compare test_opcodes test_opcache test_dis test_inspect test_code test_class
test_property test_unpack test_unpack_ex test_named_expressions test_patma test_syntax test_grammar test_iter
test_enumerate test_listcomps test_genexps test_dictcomps test_setcomps test_global test_augassign test_binop
test_builtin test_funcattrs test_decorators test_metaclass test_subclassinit test_dynamic test_fstring test_isinstance
test_pow test_types test_type_params test_peepholer test_userdict test_userlist test_dictviews
test_warnings test_string test_operator test_bisect test_heapq test_copy test_enum test_abc test_generator_stop
test_capi.test_watchers test_int_literal test_index test_unary test_sort test_strtod test_thread test_fork1
""".split()

# Longer, or further from the core.
FULL = """
test_compile test_sys test_threading test_threading_local test_signal test_collections test_deque test_ordered_dict
test_defaultdict test_pickle test_typing test_bytes test_unicodedata test_str test_format test_math test_cmath
test_fractions test_decimal test_statistics test_random test_json test_re test_struct test_array test_memoryview
test_io test_bdb test_pdb test_trace test_profile test_cprofile test_tracemalloc test_weakset test_zipfile test_asyncio
test_concurrent_futures test_queue test_sched test_shelve test_ast test_tokenize test_symtable test_unparse test_codeop
test_argparse test_configparser test_csv test_datetime test_difflib test_doctest test_email test_glob test_hashlib
test_html test_htmlparser test_importlib test_logging test_optparse test_pathlib test_pprint test_shutil test_socket
test_sqlite3 test_string_literals test_subprocess test_tempfile test_textwrap test_tomllib test_unittest test_urlparse
test_xml_etree test_atexit test_base64 test_binascii test_calendar test_cmd
test_runpy test_site test_reprlib test_userstring test_zlib test_typechecks test_dynamicclassattribute test_eof
""".split()

CI_MODES = ["compile-all", "warm:2"]


def cases():
    for mode in harness.OVERDRIVE_MODES:
        for name in dict.fromkeys(CI + FULL):
            in_ci = name in CI and mode in CI_MODES
            yield pytest.param(name, mode, marks=() if in_ci else pytest.mark.full)


def run(name: str, mode: str, folder: pathlib.Path) -> tuple[dict[str, str], dict[str, str], str]:
    """The outcome of each test, the tracebacks, and why there are none if the module did not end."""
    result = folder / "result.json"
    result.unlink(missing_ok=True)
    argv = [sys.executable, "-s", "-W", "ignore", str(DRIVER), str(result), name]
    # The folder is the working directory: these tests leave files.
    outcome = harness.run(argv, mode, TIMEOUT, cwd=folder)
    if not result.exists():
        return {}, {}, f"status {harness.describe(outcome.status)}\n{outcome.stderr.decode(errors='replace')[-3000:]}"
    found = json.loads(result.read_text())
    return found["outcomes"], found["details"], ""


@functools.cache
def stock(name: str, folder: pathlib.Path):
    return run(name, "stock", folder)


def changed(before: dict[str, str], after: dict[str, str]) -> dict[str, tuple[str, str]]:
    names = before.keys() | after.keys()
    return {n: (before.get(n, "absent"), after.get(n, "absent")) for n in names if before.get(n) != after.get(n)}


@pytest.fixture(scope="session")
def stock_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("stock")


# Differences that are known and not mended yet, and why.
KNOWN = {
    "test_opcache": "the tests look for specialised opcodes in functions that Overdrive has taken over",
    "test_dis": "the tests look for specialised opcodes in functions that Overdrive has taken over",
}


@pytest.mark.parametrize("name, mode", cases())
def test_same_outcomes(name, mode, tmp_path, stock_folder):
    assert importlib.util.find_spec(f"test.{name}"), f"CPython has no {name}: take it off the list"
    before, _, why = stock(name, stock_folder)
    assert before, f"stock CPython does not get through {name}: {why}"
    after, details, why = run(name, mode, tmp_path)
    differences = changed(before, after)
    if differences and after:
        again_before, _, _ = run(name, "stock", tmp_path)
        again_after, details, why = run(name, mode, tmp_path)
        once = differences
        differences = {n: d for n, d in changed(again_before, again_after).items() if n in once}
        if not differences:
            print(f"{name}: differed once and not again: {', '.join(sorted(once))}")
    if differences and name in KNOWN:
        pytest.xfail(KNOWN[name])
    if differences or why:
        shown = "\n".join(
            f"{n}: {a} -> {b}\n{details.get(n, '')}" for n, (a, b) in sorted(differences.items()) if after
        )
        variables = " ".join(f"{k}={v}" for k, v in harness.mode_variables(mode).items())
        pytest.fail(
            f"{name} in mode {mode}: {why}{shown}\nreproduce: {variables} python -m unittest test.{name}", pytrace=False
        )
