"""The `overdrive` command apart from `run` (see overdrive._launch).

`explain` and `dump` run the program in a child process that writes what the compiler did to
a file, and print that file when the program is done. Exit codes are the program's own;
2 is a mistake on the command line.
"""

import argparse
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import overdrive
from overdrive import _launch

USAGE_ERROR = 2

#: What `overdrive dump` can show, with the sentence for its help.
DUMP_KINDS = {
    "bytecode": "the decoded instructions with what the inline caches learnt",
    "ir": "the intermediate code after each pass",
    "asm": "the machine code beside its bytecode",
}


def main(arguments):
    """Run one command; return the exit code."""
    parser = build_parser()
    command = arguments[0] if arguments else None
    if command in ("explain", "dump", "profile"):
        # The program's own arguments follow on the same line, so these are split by hand.
        own, program = split_program(parser.commands[command], arguments[1:])
        if command != "profile" and "--" not in arguments:
            program, end = split_end(parser.commands[command], program)
            own += end
        options = parser.parse_args([command, *own])
        if not program and command != "profile":  # which attaches as well
            parser.commands[command].error("which program? Give app.py, -m module or -c code")
        options.program = program
    else:
        options = parser.parse_args(arguments)
    if not hasattr(options, "function"):
        parser.print_help(sys.stderr)
        return USAGE_ERROR
    return options.function(options) or 0


class _Parser(argparse.ArgumentParser):
    """An argument parser that knows its commands by name."""

    commands: dict


def build_parser():
    """The whole command line as an argparse parser."""
    parser = _Parser(
        prog="overdrive",
        description="A just-in-time compiler for the CPython you already have.",
        epilog="OVERDRIVE=1 in the environment does for any Python process what `run` does "
        "for one program.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=version_text())
    commands = parser.add_subparsers(metavar="command", title="commands")

    run = commands.add_parser(
        "run", help="run a program compiled", usage=_launch.USAGE_RUN.split("\n", 1)[0][7:], allow_abbrev=False
    )
    run.add_argument("program", nargs="*", help="CPython's own command line")

    explain = commands.add_parser(
        "explain",
        help="run a program and show what was compiled, what was not, and why",
        usage="overdrive explain [--json] [-o FILE] [--limit N] PROGRAM [args]",
        description="Run a program compiled, then list its functions and loops, those that lost most time "
        "first: which guards failed how often, what was declined, and what to do about it.",
        epilog="PROGRAM is CPython's command line: app.py, -m module, -c code, a folder or a "
        "zip, after Python's own options if any. Options of explain stand before it, or at "
        "the very end; after `--` everything belongs to the program.",
        allow_abbrev=False,
    )
    explain.add_argument(
        "--json",
        action="store_true",
        help="print JSON (docs/explain.md); the program's standard output goes to standard error",
    )
    explain.add_argument("-o", "--output", metavar="FILE", help="write the report to FILE")
    explain.add_argument(
        "--limit", metavar="N", type=int, default=40, help="show the first N units (40; 0: all)"
    )
    explain.set_defaults(function=explain_command)

    dump = commands.add_parser(
        "dump",
        help="run a program and print bytecode, IR or machine code (for developers)",
        usage="overdrive dump {bytecode,ir,asm} [--function NAME] [-o FILE] PROGRAM [args]",
        description="Run a program compiled and print what the compiler made of it. The program's "
        "standard output goes to standard error.",
        epilog="Kinds can be joined with commas. "
        + " ".join(f"{kind}: {sentence}." for kind, sentence in DUMP_KINDS.items()),
        allow_abbrev=False,
    )
    dump.add_argument("kind", type=dump_kinds, help="bytecode, ir or asm, joined with commas")
    dump.add_argument(
        "--function", dest="filter", metavar="NAME", help="only units whose qualified name contains NAME"
    )
    dump.add_argument("-o", "--output", metavar="FILE", help="write to FILE instead of standard output")
    dump.set_defaults(function=dump_command)

    parser.commands = commands.choices
    try:
        from overdrive.profile.cli import add_commands
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("overdrive.profile"):
            raise
    else:
        add_commands(commands)
    return parser


def version_text():
    python = ".".join(map(str, sys.version_info[:3]))
    return f"overdrive {overdrive.__version__} (CPython {python}, {sys.executable})"


def dump_kinds(text):
    """Check the comma-joined list of what to dump."""
    kinds = text.split(",")
    for kind in kinds:
        if kind not in DUMP_KINDS:
            raise argparse.ArgumentTypeError(f"{kind!r} is none of {', '.join(DUMP_KINDS)}")
    return kinds


def split_program(parser, arguments):
    """Split a command's line into (its own arguments, the program's command line).

    Own options and CPython's may stand in any order before the program, or before a `--` in front of it.
    """
    takes_value = option_values(parser)
    positionals = sum(not action.option_strings for action in parser._actions)
    own, python, index = [], [], 0
    while index < len(arguments) and arguments[index] != "--":
        argument = arguments[index]
        if width := own_width(argument, takes_value):
            own += arguments[index : index + width]
        elif positionals and not argument.startswith("-"):
            own.append(argument)
            positionals -= 1
            width = 1
        elif argument.startswith("--") and argument != "--check-hash-based-pycs":
            own.append(argument)  # nobody's: argparse says so
            width = 1
        elif width := _launch.option_width(argument):
            python += arguments[index : index + width]
        else:
            return own, python + arguments[index:]
        index += width
    return own, python + arguments[index + 1 :]


def split_end(parser, program):
    """Split own options off the very end: `explain app.py --json`."""
    takes_value = option_values(parser)
    end = len(program)
    while end > 1:
        for width in (2, 1):
            start = end - width
            if start >= 1 and program[start].startswith("--") and own_width(program[start], takes_value) == width:
                end = start
                break
        else:
            break
    return program[:end], program[end:]


def option_values(parser):
    """{option: whether a value follows it} of a command."""
    return {name: action.nargs != 0 for action in parser._actions for name in action.option_strings}


def own_width(argument, takes_value):
    """How many arguments an own option takes up; 0 if it is not ours."""
    name, equals, _ = argument.partition("=")
    if name not in takes_value:
        return 0
    return 2 if takes_value[name] and not equals else 1


def run_child(program, settings, stdout_to_stderr):
    """Run `program` compiled in a child process and return its exit code.

    Interrupts reach the child by the terminal; this process waits for it whatever comes,
    and hands on a request to terminate.
    """
    arguments = _launch.inherited_options() + program
    if names := _launch.keeping_off(arguments):
        sys.stderr.write(f"overdrive: under {names} Overdrive does not start with the program\n")
    environment = _launch.python_environment(OVERDRIVE="1", **settings)
    sys.stdout.flush()
    child = subprocess.Popen(
        [sys.executable, *arguments],
        env=environment,
        stdout=sys.stderr.fileno() if stdout_to_stderr else None,
    )
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda number, frame: child.send_signal(number))
    code = child.wait()
    if code < 0:
        name = signal.Signals(-code).name if -code in set(signal.Signals) else str(-code)
        sys.stderr.write(f"overdrive: the program was ended by {name}\n")
        return 128 - code
    return code


def open_output(path):
    """The text file to print to: standard output, or `path`."""
    if path is None or path == "-":
        return open(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", errors="replace")
    return open(path, "w", encoding="utf-8")


def print_text(text, path):
    """Print to `path` or standard output; return an exit code if that fails, else None."""
    try:
        with open_output(path) as file:
            file.write(text)
    except BrokenPipeError:
        return None
    except OSError as error:
        sys.stderr.write(f"overdrive: cannot write {path or 'standard output'}: {error.strerror}\n")
        return 1
    return None


@contextlib.contextmanager
def scratch_folder():
    """A temporary folder that goes even if a child that outlives the program is writing into it."""
    folder = tempfile.mkdtemp(prefix="overdrive-")
    try:
        yield folder
    finally:
        for _ in range(20):
            shutil.rmtree(folder, ignore_errors=True)
            if not os.path.exists(folder):
                break
            time.sleep(0.05)


def explain_command(options):
    """`overdrive explain`: run, then print what the compiler did and why."""
    from overdrive import _explain

    with scratch_folder() as folder:
        settings = {"OVERDRIVE_REPORT": os.path.join(folder, "{pid}.json")}
        code = run_child(options.program, settings, options.json and options.output is None)
        report = _explain.merge(folder)
    if not report["processes"]:
        sys.stderr.write(
            "overdrive: no report: the program ended before it could write one, or ran without Overdrive\n"
        )
        return code
    text = _explain.as_json(report) if options.json else _explain.as_text(report, options.limit)
    failed = print_text(text, options.output)
    return code or failed or 0


def dump_command(options):
    """`overdrive dump`: run with the compiler's dumps switched on and print them."""
    with scratch_folder() as folder:
        path = os.path.join(folder, "dump.txt")
        settings = {"OVERDRIVE_DUMP": ",".join(options.kind), "OVERDRIVE_DUMP_TO": path}
        if options.filter:
            settings["OVERDRIVE_DUMP_FILTER"] = options.filter
        code = run_child(options.program, settings, options.output is None)
        try:
            with open(path, encoding="utf-8", errors="replace") as file:
                text = file.read()
        except FileNotFoundError:
            text = ""
    if not text:
        name = f" whose name contains {options.filter!r}" if options.filter else ""
        sys.stderr.write(f"overdrive: nothing to show: no unit{name} was compiled\n")
        return code
    failed = print_text(text, options.output)
    return code or failed or 0
