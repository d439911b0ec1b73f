# Command lines, configuration files, templates and paths: pure-Python modules with many small functions.
import argparse
import configparser
import fnmatch
import io
import posixpath
import shlex
import string
import urllib.parse
from probe import steady


def parse(*args):
    p = argparse.ArgumentParser(prog="x", exit_on_error=False)
    p.add_argument("name")
    p.add_argument("-n", "--number", type=int, default=3)
    p.add_argument("--flag", action="store_true")
    p.add_argument("--many", nargs="*", choices=["a", "b"])
    return vars(p.parse_args(args))


def usage():
    p = argparse.ArgumentParser(prog="x", description="words " * 20)
    p.add_argument("--long-option", metavar="VALUE", help="helps " * 15)
    return p.format_help()


def config():
    c = configparser.ConfigParser()
    c.read_string("[a]\nx = 1\ny = %(x)s0\n[b]\nz: yes\nlong = one\n  two\n")
    out = io.StringIO()
    c.write(out)
    return c.getint("a", "y"), c.getboolean("b", "z"), c["b"]["long"], out.getvalue()


def texts():
    return (
        shlex.split('a \'b c\' "d\\"e" f\\ g'),
        string.Template("$a ${b} $$").substitute(a=1, b=2),
        fnmatch.filter(["a.py", "b.txt"], "*.py"),
        posixpath.normpath("/a/../b//c/."),
        urllib.parse.urlsplit("http://u:p@h:80/p?q=1#f"),
        urllib.parse.urlencode({"a": "b c", "d": [1, 2]}, doseq=True),
    )


steady(parse, "file", "-n", "5", "--flag", "--many", "a", "b")
steady(parse, "file", "-n", "x")
steady(parse, "file", "--many", "z")
steady(usage)
steady(config)
steady(texts)
