"""Source positions of bytecode, from a code object's location table (CPython 3.11 and later)."""


def positions(table, first_line):
    """Decode a location table.

    Returns a list with one `(line, end_line, column, end_column)` for each code unit (two bytes of
    bytecode); columns count UTF-8 bytes from 0; a part that is unknown is None.
    """
    out = []
    line = first_line
    at, size = 0, len(table)

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = table[at]
            at += 1
            value |= (byte & 63) << shift
            shift += 6
            if not byte & 64:
                return value

    def signed():
        value = varint()
        return -(value >> 1) if value & 1 else value >> 1

    try:
        while at < size:
            head = table[at]
            at += 1
            units = (head & 7) + 1
            kind = head >> 3 & 15
            if kind == 15:  # no location
                entry = (None, None, None, None)
            elif kind == 14:  # everything written out
                line += signed()
                end = line + varint()
                column, end_column = varint(), varint()
                entry = (line, end, column - 1 if column else None, end_column - 1 if end_column else None)
            elif kind == 13:  # a line without columns
                line += signed()
                entry = (line, line, None, None)
            elif kind >= 10:  # a new line close by
                line += kind - 10
                column, end_column = table[at], table[at + 1]
                at += 2
                entry = (line, line, column, end_column)
            else:  # the same line, columns in eleven bits
                rest = table[at]
                at += 1
                column = kind << 3 | rest >> 4
                entry = (line, line, column, column + (rest & 15))
            out.extend([entry] * units)
    except IndexError:
        pass  # a table cut short: what came before it stands
    return out


def positions_for(version, table, first_line):
    """As `positions`, for any version's table; `version` is (major, minor). Before 3.11 there are no columns."""
    if version >= (3, 11):
        return positions(table, first_line)
    return [(line, line, None, None) if line else (None,) * 4 for line in (_ranges if version == (3, 10) else _lnotab)(table, first_line)]


def _ranges(table, line):
    """3.10: pairs of a length in bytes and a signed step; -128 stands for no line."""
    out = []
    for at in range(0, len(table) - 1, 2):
        step = table[at + 1] - 256 if table[at + 1] > 127 else table[at + 1]
        if step != -128:
            line += step
        out.extend([None if step == -128 else line] * (table[at] // 2))
    return out


def _lnotab(table, line):
    """Up to 3.9: pairs of steps, in bytes of code and in lines; the last line's length is not told."""
    out = []
    for at in range(0, len(table) - 1, 2):
        out.extend([line] * (table[at] // 2))
        line += table[at + 1] - 256 if table[at + 1] > 127 else table[at + 1]
    return out + [line] * 4096
