"""The profiler's commands: profile, view, export, diff, top.

Each sets `function` to a callable that takes the parsed arguments and returns the exit code:
the program's own for `profile`, 0 for success, 1 for a difference that `diff` calls significant, 2 for a mistake on the command line, 3 when
recording or reading is impossible, 4 when a file cannot be written.
"""

import argparse
import os
import sys

from overdrive import _launch
from overdrive.profile import ProfileError, RecordError
from overdrive.profile.model import MEMORY_WEIGHTS, TIME_WEIGHTS

USAGE, IMPOSSIBLE, UNWRITABLE = 2, 3, 4


def add_commands(commands):
    """Register the profiler's commands with argparse's `commands`."""
    _add_profile(commands)
    _add_view(commands)
    _add_export(commands)
    _add_diff(commands)
    _add_top(commands)


def _command(commands, name, function, **keywords):
    parser = commands.add_parser(name, allow_abbrev=False, **keywords)
    parser.set_defaults(function=_guarded(function))
    return parser


def _guarded(function):
    """One clear sentence and an exit code instead of a traceback for what users can run into."""

    def run(args):
        try:
            return function(args) or 0
        except (ProfileError, RecordError) as error:
            return _say(error, IMPOSSIBLE)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            return 0
        except FileNotFoundError as error:
            if getattr(args, "writes", False) and error.filename != getattr(args, "file", None):
                return _say(f"{error.filename}: there is no such folder to write to", UNWRITABLE)
            return _say(f"{error.filename}: there is no such file", IMPOSSIBLE)
        except OSError as error:
            return _say(f"{error.filename or 'input or output'}: {error.strerror or error}", UNWRITABLE if getattr(args, "writes", False) else IMPOSSIBLE)
        except KeyboardInterrupt:
            return 130

    return run


def _say(sentence, code):
    sys.stderr.write(f"overdrive: {' '.join(str(sentence).split())}\n")
    return code


def _rate(text):
    value = int(text)
    if not 1 <= value <= 10000:
        raise argparse.ArgumentTypeError("the rate must be from 1 to 10000 samples a second")
    return value


def _share(text):
    value = float(text.rstrip("%")) / (100 if text.endswith("%") else 1)
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError("give a share such as 1%")
    return value


# ---------------------------------------------------------------------------------------------------------------- profile


def _add_profile(commands):
    p = _command(
        commands,
        "profile",
        _profile,
        help="record where a program's time or memory goes",
        usage="overdrive profile [options] [python options] app.py [args] | -m module [args] | -c code [args] | --pid N",
        description="Run a program and record it with all of its processes, or attach to a running one.",
        epilog="The program is CPython's command line: app.py, -m module, -c code, a folder or a zip. Options of profile and "
        "Python's own (-X dev) stand before it; after `--` everything belongs to the program.",
    )
    p.add_argument("-o", "--output", metavar="FILE", help="the record to write (NAME.odp, after the program)")
    p.add_argument("--rate", type=_rate, default=1000, metavar="HZ", help="samples for each second of CPU time, 1 to 10000 (1000)")
    p.add_argument("--mode", choices=("wall", "cpu", "memory"), default="wall", help="CPU time and waits (wall), CPU time alone, or allocations")
    p.add_argument("--memory-interval", type=int, default=512, metavar="KIB", help="with --mode memory: mean KiB between samples (512)")
    p.add_argument("--max-overhead", type=_share, default=0.0, metavar="SHARE", help="lower the rate to stay below this share of the CPU time, e.g. 1%%")
    p.add_argument("--no-native", action="store_true", help="Python frames only")
    p.add_argument("--kernel", action="store_true", help="kernel frames as well, where they are allowed")
    p.add_argument("--clock", choices=("auto", "sigtrap-user", "timer"), default="auto", help="use a lesser clock than the best one")
    p.add_argument("--run", action="store_true", help="run the program with Overdrive's compiler on")
    p.add_argument("--html", metavar="OUT", help="write the page as well")
    p.add_argument("--quiet", action="store_true", help="say nothing but errors")
    p.add_argument("--pid", type=int, metavar="N", help="attach to a running Python instead")
    p.add_argument("--duration", type=float, metavar="S", help="seconds to record with --pid (until Ctrl-C)")
    p.set_defaults(writes=True)


def _not_with_pid(args):
    """The options given that attaching cannot serve."""
    given = {
        f"--mode {args.mode}": args.mode != "wall",
        f"--clock {args.clock}": args.clock != "auto",
        "--kernel": args.kernel,
        "--max-overhead": args.max_overhead,
        "--run": args.run,
        "a program": args.program,
    }
    return [name for name, there in given.items() if there]


def _profile(args):
    if args.pid is None and args.duration is not None:
        return _say("--duration needs --pid: a program is recorded until it ends", USAGE)
    if args.pid is not None:
        from overdrive.profile import attach

        if refused := _not_with_pid(args):
            return _say(f"--pid records a running Python from outside, in wall mode and Python frames alone: not with {', '.join(refused)}", USAGE)
        output = args.output or f"pid{args.pid}.odp"
        code = attach.record(args.pid, output, rate=args.rate, duration=args.duration, quiet=args.quiet)
    else:
        from overdrive.profile import launch

        command = _launch.inherited_options() + args.program
        name = _name(command)
        if refused := launch.keeping_recorder_off(command):
            return _say(f"under {refused} the recorder does not start with the program: leave it out", USAGE)
        if args.run and (refused := _launch.keeping_off(command)):
            return _say(f"under {refused} Overdrive's compiler does not start with the program: leave it or --run out", USAGE)
        output = args.output or f"{name}.odp"
        options = {
            "rate": args.rate,
            "mode": args.mode,
            "max_overhead": args.max_overhead,
            "memory_interval": args.memory_interval * 1024,
            "native": not args.no_native,
            "kernel": args.kernel,
            "force": "" if args.clock == "auto" else args.clock,
        }
        code = launch.launch(command, output, options, compiled=args.run, quiet=args.quiet)
    if args.html and os.path.exists(output):
        from overdrive.profile import view

        view.write_page(output, args.html)
    return code


def _name(command):
    """What to call the record of a program, from CPython's command line."""
    kind, program = _launch.named_program(command)
    if not program:
        raise SystemExit(_say("which program? Give app.py, -m module, -c code or --pid N", USAGE))
    if kind:
        return "code" if kind == "c" else program.split(".")[0]
    if program == "-":
        return "stdin"
    if not os.path.exists(program):
        raise SystemExit(_say(f"{program}: there is no such program", USAGE))
    return os.path.splitext(os.path.basename(program.rstrip("/")))[0]


# ------------------------------------------------------------------------------------------------------------ view, export


def _add_view(commands):
    p = _command(commands, "view", _view, help="show a record as a page in the browser")
    p.add_argument("file", help="the record")
    p.add_argument("--html", metavar="OUT", help="write the page, which needs nothing else, instead of serving it")
    p.add_argument("--port", type=int, default=0, help="port on the loopback interface (any free one)")
    p.add_argument("--no-browser", action="store_true", help="only print the address")


def _view(args):
    from overdrive.profile import view

    if args.html:
        args.writes = True
        view.write_page(args.file, args.html)
        return 0
    return view.serve(args.file, args.port, not args.no_browser)


def _add_export(commands):
    p = _command(commands, "export", _export, help="write a record in another tool's format")
    p.add_argument("file", help="the record")
    p.add_argument("--format", required=True, choices=("collapsed", "speedscope", "pprof", "gecko", "chrome", "text"), help="memory mode: not gecko and chrome")
    p.add_argument("-o", "--output", metavar="OUT", help="file to write (standard output)")
    p.add_argument("--weight", choices=TIME_WEIGHTS + MEMORY_WEIGHTS, help="what to add up (cpu; of memory mode: allocated)")


def _export(args):
    import overdrive.profile
    from overdrive.profile import export

    data = export.export(overdrive.profile.read(args.file), args.format, args.weight)
    if args.output:
        args.writes = True
        with open(args.output, "wb") as file:
            file.write(data)
    else:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    return 0


# --------------------------------------------------------------------------------------------------------------- diff, top


def _add_diff(commands):
    p = _command(commands, "diff", _diff, help="what changed between two records, and whether it is more than chance")
    p.add_argument("before")
    p.add_argument("after")
    p.add_argument("--weight", choices=("cpu", "wall"), default="cpu")
    p.add_argument("--rows", type=int, default=20, metavar="N")


def _diff(args):
    import overdrive.profile
    from overdrive.profile import diff

    before, after = overdrive.profile.read(args.before), overdrive.profile.read(args.after)
    for path, profile in ((args.before, before), (args.after, after)):
        if profile.of_memory:
            raise ProfileError(f"{path} is a record of memory mode, and diff compares time: export it as text instead")
    text, significant = diff.report(before, after, args.weight, args.rows)
    sys.stdout.write(text)
    return 1 if significant else 0


def _add_top(commands):
    p = _command(commands, "top", _top, help="watch a running Python's hottest lines in the terminal")
    p.add_argument("--pid", type=int, required=True, metavar="N")
    p.add_argument("--rate", type=_rate, default=200, metavar="HZ")
    p.add_argument("--duration", type=float, metavar="S", help="stop after this many seconds (until Ctrl-C)")


def _top(args):
    from overdrive.profile import top

    return top.watch(args.pid, args.rate, args.duration)
