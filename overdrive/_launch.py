"""The entry point of the `overdrive` command.

`overdrive run X` replaces this process by the same interpreter with X as its own command
line and OVERDRIVE=1 in the environment. Nothing is imitated: sys.argv, __main__, sys.path,
exit codes, tracebacks and signals are CPython's because CPython does all of it.

Only builtin modules are imported on that path, so it costs little more than the start of
the interpreter itself; every other command goes to overdrive.cli.
"""

import posix
import sys

USAGE_RUN = """\
usage: overdrive run [python options] [app.py | -m module | -c code | - | folder | zip] [args]

Run a Python program compiled. Everything after `run` is CPython's own command line:
`overdrive run X` does what `python X` does, with OVERDRIVE=1 in the environment, so that
the program's child processes run compiled too.
"""

#: Locales that CPython switches to by itself when it finds the C locale (PEP 538).
_COERCED = ("C.UTF-8", "C.utf8", "UTF-8")


def option_width(argument):
    """How many arguments one of CPython's own options takes up; 0 for what begins the program."""
    if argument == "-" or not argument.startswith("-"):
        return 0
    if argument.startswith("--"):
        return 2 if argument == "--check-hash-based-pycs" else 1
    for position, letter in enumerate(argument[1:], start=1):
        if letter in "cm":  # the program itself: -c code, -m module
            # `-Ic code` is one argument for two options: leave it to the program half.
            return 0
        if letter in "WX":
            return 2 if position == len(argument) - 1 else 1
    return 1


def split_options(arguments):
    """Split CPython's command line into (options, program and its arguments)."""
    index = 0
    while index < len(arguments) and (width := option_width(arguments[index])):
        index += width
    return arguments[:index], arguments[index:]


def named_program(arguments):
    """What CPython's command line runs: ("c", code), ("m", module), or ("", path); the text is "" where it is missing."""
    program = split_options(arguments)[1]
    first = program[0] if program else ""
    if first == "-" or not first.startswith("-"):
        return "", first
    position = next(k for k, letter in enumerate(first) if letter in "cm")
    return first[position], first[position + 1 :] or "".join(program[1:2])


def short_flags(arguments):
    """Return the set of CPython's one-letter options that stand before the program."""
    options, program = split_options(arguments)
    letters = set()
    skip = False
    for argument in options + program[:1]:
        if skip:
            skip = False
            continue
        if not argument.startswith("-") or argument.startswith("--"):
            continue
        for position, letter in enumerate(argument[1:], start=1):
            if letter in "cm":
                break
            if letter in "WX":
                skip = position == len(argument) - 1
                break
            letters.add(letter)
    return letters


def joined_options(arguments, letters):
    """Those of the one-letter options `letters` that stand before the program, for a sentence: "-E and -I", or ""."""
    return " and ".join("-" + letter for letter in sorted(short_flags(arguments).intersection(letters)))


def keeping_off(arguments):
    """The options that keep Overdrive from starting with the program, for a sentence; "" if there are none."""
    return joined_options(arguments, "EIS")


def inherited_options():
    """The options of this interpreter itself: [-X dev] in `python -X dev -m overdrive run`."""
    own = sys.orig_argv[1 : len(sys.orig_argv) - len(sys.argv) + 1]
    # What remains ends with the way to this command: `-m overdrive`, or the script's path.
    if own and own[-1] == "overdrive" and len(own) > 1 and own[-2].endswith("m"):
        own[-2:] = [own[-2][:-1]]
    elif own and own[-1].endswith("moverdrive"):
        own[-1] = own[-1].removesuffix("moverdrive")
    elif own:
        own.pop()
    if own and own[-1] in ("-", ""):
        own.pop()
    return own


def python_environment(**settings):
    """The environment for the program: ours, with `settings` and without our own traces."""
    environment = dict(posix.environ)
    for name, value in settings.items():
        environment[name.encode()] = value.encode() if isinstance(value, str) else value
    # In the C locale this interpreter set LC_CTYPE for its children. The program's own
    # interpreter has to find what this one found, or it would not turn UTF-8 mode on.
    locale = environment.get(b"LC_CTYPE", b"").decode("ascii", "replace")
    if (
        sys.flags.utf8_mode
        and locale in _COERCED
        and b"PYTHONUTF8" not in environment
        and "utf8" not in sys._xoptions
    ):
        del environment[b"LC_CTYPE"]
    return environment


def run(arguments):
    """Become the interpreter that runs `arguments` compiled; does not return."""
    arguments = inherited_options() + arguments
    if names := keeping_off(arguments):
        sys.stderr.write(
            f"overdrive: under {names} Overdrive does not start with the program, which "
            "therefore runs without it; drop the option, or call overdrive.enable()\n"
        )
        sys.stderr.flush()
    environment = python_environment(OVERDRIVE="1")
    interpreter = sys.executable
    try:
        posix.execve(interpreter, [interpreter, *arguments], environment)
    except OSError as error:
        sys.stderr.write(f"overdrive: cannot start {interpreter!r}: {error.strerror}\n")
        return 127


def main():
    """Entry point of `overdrive` and `python -m overdrive`."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["run"]:
        import _signal

        # From here to exec an interrupt ends this process as it would end the program,
        # without a traceback of the launcher.
        if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
            _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
        if arguments[1:2] and arguments[1] in ("-h", "--help"):
            sys.stdout.write(USAGE_RUN)
            return 0
        return run(arguments[1:])
    from overdrive.cli import main as cli_main

    return cli_main(arguments)
