# Text programs: tokenizers, joins, translate tables, regular expressions, json, csv, textwrap.
import csv
import io
import json
import re
import textwrap
from probe import steady


def tokenize(text):
    out = []
    i = 0
    while i < len(text):
        c = text[i]
        if c.isspace():
            i += 1
        elif c.isdigit():
            j = i
            while j < len(text) and text[j].isdigit():
                j += 1
            out.append(("num", int(text[i:j])))
            i = j
        elif c.isalpha() or c == "_":
            j = i
            while j < len(text) and (text[j].isalnum() or text[j] == "_"):
                j += 1
            out.append(("name", text[i:j]))
            i = j
        else:
            out.append(("op", c))
            i += 1
    return out


def parse(tokens):
    pos = 0

    def peek():
        return tokens[pos] if pos < len(tokens) else (None, None)

    def take():
        nonlocal pos
        pos += 1
        return tokens[pos - 1]

    def factor():
        kind, v = take()
        if v == "(":
            r = expr()
            take()
            return r
        if v == "-":
            return -factor()
        return v if kind == "num" else len(v)

    def term():
        r = factor()
        while peek()[1] in ("*", "/"):
            r = r * factor() if take()[1] == "*" else r / factor()
        return r

    def expr():
        r = term()
        while peek()[1] in ("+", "-"):
            r = r + term() if take()[1] == "+" else r - term()
        return r

    return expr()


def evaluate(text):
    return parse(tokenize(text))


def regexes(text):
    return (
        re.findall(r"(\w)(\d+)", text),
        re.sub(r"\d+", lambda m: f"<{int(m[0]) * 2}>", text),
        [m.span() for m in re.finditer("[a-z]+", text)],
        re.split(r"[,;]", text),
    )


def formats():
    data = {"a": [1, 2.5, None, True], "b": {"c": "é"}}
    buffer = io.StringIO()
    csv.writer(buffer).writerows([[1, "a,b"], [2.5, 'q"']])
    return (
        json.loads(json.dumps(data)) == data,
        json.dumps(data, indent=1, sort_keys=True),
        list(csv.reader(io.StringIO(buffer.getvalue()))),
        textwrap.fill("word " * 12, 20),
    )


def lines(n):
    out = io.StringIO()
    for i in range(n):
        print(i, i * 1.5, sep=":", end=";", file=out)
    return out.getvalue()


steady(tokenize, "foo_1 + 42*(bar - 7)")
steady(evaluate, "1 + 2 * (3 - 4) / 8 - -x2 * 10")
steady(evaluate, "99999999999 * 99999999999 - 1")
steady(evaluate, "1 / 0")
steady(regexes, "a12,b7;xyz c003")
steady(formats)
steady(lines, 8)
