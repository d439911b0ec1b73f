"""A template engine: compile text with {{ names }} and {% blocks %}, then render it."""

import re

N = 500

SOURCE = """<h1>{{ title }}</h1>
<table>{% for row in rows %}
  <tr class="{% if row.odd %}odd{% else %}even{% endif %}">{% for cell in row.cells %}<td>{{ cell }}</td>{% endfor %}
  <td>{{ row.name.upper }}</td></tr>{% endfor %}
</table>"""

PIECES = re.compile(r"(\{\{.*?\}\}|\{%.*?%\})", re.S)


class Text:
    def __init__(self, text):
        self.text = text

    def render(self, context, out):
        out.append(self.text)


def look_up(path, context):
    value = context[path[0]]
    for name in path[1:]:
        if isinstance(value, dict) and name in value:
            value = value[name]
        else:
            value = getattr(value, name)
        if callable(value):
            value = value()
    return value


def escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class Value:
    def __init__(self, path):
        self.path = path.split(".")

    def render(self, context, out):
        value = look_up(self.path, context)
        out.append(escape(value if isinstance(value, str) else str(value)))


class For:
    def __init__(self, name, path, body):
        self.name = name
        self.path = path.split(".")
        self.body = body

    def render(self, context, out):
        for item in look_up(self.path, context):
            inner = {**context, self.name: item}
            for node in self.body:
                node.render(inner, out)


class If:
    def __init__(self, path, body, other):
        self.path = path.split(".")
        self.body = body
        self.other = other

    def render(self, context, out):
        for node in self.body if look_up(self.path, context) else self.other:
            node.render(context, out)


def parse(pieces, ends=()):
    nodes = []
    for piece in pieces:
        if piece.startswith("{{"):
            nodes.append(Value(piece[2:-2].strip()))
        elif piece.startswith("{%"):
            words = piece[2:-2].split()
            if words[0] in ends:
                return nodes, words[0]
            if words[0] == "for":
                body, _ = parse(pieces, ("endfor",))
                nodes.append(For(words[1], words[3], body))
            elif words[0] == "if":
                body, end = parse(pieces, ("else", "endif"))
                other = parse(pieces, ("endif",))[0] if end == "else" else []
                nodes.append(If(words[1], body, other))
            else:
                raise SyntaxError(piece)
        elif piece:
            nodes.append(Text(piece))
    return nodes, None


def run(n):
    context = {
        "title": "Rows & columns",
        "rows": [{"odd": i % 2, "name": f"row {i}", "cells": list(range(i, i + 8))} for i in range(40)],
    }
    total = 0
    for _ in range(n):
        nodes, _end = parse(iter(PIECES.split(SOURCE)))
        out = []
        for node in nodes:
            node.render(context, out)
        total += len("".join(out))
    return total
