# Attributes that exceptions carry: name, obj, key, errno, args, notes; custom classes with state.
from probe import steady


class Mine(Exception):
    def __init__(self, code, *, detail=None):
        super().__init__(code)
        self.code = code
        self.detail = detail

    def __str__(self):
        return f"mine {self.code} {self.detail}"


def raise_mine(x):
    try:
        raise Mine(x, detail=[x])
    except Mine as e:
        e.add_note("note")
        e.detail.append(1)
        return e.args, e.code, e.detail, str(e), e.__notes__


def attributes():
    out = []
    try:
        undefined_thing
    except NameError as e:
        out.append(e.name)
    try:
        "".nope
    except AttributeError as e:
        out.append((e.name, e.obj))
    try:
        {}["k"]
    except KeyError as e:
        out.append(e.args)
    try:
        open("/no/such/file")
    except OSError as e:
        out.append((e.errno, e.filename, str(e)))
    try:
        import no_such_module
    except ImportError as e:
        out.append((e.name, e.path, str(e)))
    try:
        b"\xff".decode("ascii")
    except UnicodeDecodeError as e:
        out.append((e.start, e.end, e.reason, str(e)))
    try:
        compile("x = (", "<f>", "exec")
    except SyntaxError as e:
        out.append((e.lineno, e.offset, e.msg))
    return out


steady(raise_mine, 5)
steady(attributes)
