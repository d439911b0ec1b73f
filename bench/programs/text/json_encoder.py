"""A JSON encoder and parser written in Python: dispatch on types, escapes, recursion."""

N = 220

ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}


def encode_string(text):
    out = ['"']
    for character in text:
        if character in ESCAPES:
            out.append(ESCAPES[character])
        elif character < " " or character > "~":
            out.append(f"\\u{ord(character):04x}")
        else:
            out.append(character)
    out.append('"')
    return "".join(out)


def encode(value, out):
    if value is None:
        out.append("null")
    elif value is True:
        out.append("true")
    elif value is False:
        out.append("false")
    elif isinstance(value, str):
        out.append(encode_string(value))
    elif isinstance(value, (int, float)):
        out.append(repr(value))
    elif isinstance(value, (list, tuple)):
        out.append("[")
        for index, item in enumerate(value):
            if index:
                out.append(", ")
            encode(item, out)
        out.append("]")
    elif isinstance(value, dict):
        out.append("{")
        first = True
        for key, item in value.items():
            if not first:
                out.append(", ")
            first = False
            out.append(encode_string(key))
            out.append(": ")
            encode(item, out)
        out.append("}")
    else:
        raise TypeError(f"cannot encode {type(value).__name__}")


class Parser:
    WORDS = {"t": ("true", True), "f": ("false", False), "n": ("null", None)}
    PLAIN = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}

    def __init__(self, text):
        self.text = text
        self.at = 0

    def skip(self):
        while self.at < len(self.text) and self.text[self.at] in " \t\n\r":
            self.at += 1

    def value(self):
        self.skip()
        c = self.text[self.at]
        if c == "{":
            return self.object()
        if c == "[":
            return self.array()
        if c == '"':
            return self.string()
        if c in self.WORDS:
            word, value = self.WORDS[c]
            if not self.text.startswith(word, self.at):
                raise ValueError(self.at)
            self.at += len(word)
            return value
        return self.number()

    def object(self):
        result = {}
        self.at += 1
        self.skip()
        while self.text[self.at] != "}":
            key = self.string()
            self.skip()
            self.at += 1  # the colon
            result[key] = self.value()
            self.skip()
            if self.text[self.at] == ",":
                self.at += 1
                self.skip()
        self.at += 1
        return result

    def array(self):
        result = []
        self.at += 1
        self.skip()
        while self.text[self.at] != "]":
            result.append(self.value())
            self.skip()
            if self.text[self.at] == ",":
                self.at += 1
                self.skip()
        self.at += 1
        return result

    def string(self):
        self.at += 1
        pieces = []
        while True:
            c = self.text[self.at]
            self.at += 1
            if c == '"':
                return "".join(pieces)
            if c == "\\":
                c = self.text[self.at]
                self.at += 1
                if c == "u":
                    pieces.append(chr(int(self.text[self.at : self.at + 4], 16)))
                    self.at += 4
                else:
                    pieces.append(self.PLAIN.get(c, c))
            else:
                pieces.append(c)

    def number(self):
        start = self.at
        while self.at < len(self.text) and self.text[self.at] in "+-0123456789.eE":
            self.at += 1
        text = self.text[start : self.at]
        try:
            return int(text)
        except ValueError:
            return float(text)


def document(size):
    return {
        "title": "a report\nwith \"quotes\" and caf\u00e9",
        "rows": [
            {"id": i, "name": f"row {i}", "value": i * 0.25, "tags": ["x", "y", None], "ok": i % 3 == 0}
            for i in range(size)
        ],
        "empty": [{}, [], ""],
    }


def run(n):
    tree = document(60)
    total = 0
    for _ in range(n):
        out = []
        encode(tree, out)
        text = "".join(out)
        assert Parser(text).value() == tree
        total += len(text)
    return total
