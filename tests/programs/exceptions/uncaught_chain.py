# An uncaught exception with a cause, a context, notes and a group.
def first():
    {}["a"]


def second():
    try:
        first()
    except KeyError as e:
        raise ValueError("second") from e


def third():
    try:
        second()
    except ValueError:
        raise ExceptionGroup("many", [OSError("o"), TypeError("t")])


for i in range(20):
    try:
        third()
    except ExceptionGroup:
        pass
try:
    third()
except ExceptionGroup as group:
    group.add_note("a note")
    raise
