# logging looks up its caller's line through frames, also with stacklevel and stack_info.
import io
import logging
from probe import steady

stream = io.StringIO()
logging.basicConfig(
    stream=stream, format="%(levelname)s %(filename)s:%(lineno)d %(funcName)s %(message)s", level=logging.INFO
)
log = logging.getLogger("x")


def helper(message, level):
    log.info(message, stacklevel=level)


def caller(n):
    for i in range(n):
        helper(f"i{i}", 1 + i % 3)
        if i == 2:
            log.warning("direct %d", i)


def failing():
    try:
        {}["k"]
    except KeyError:
        log.exception("failed")


def with_stack():
    log.error("stack", stack_info=True)


def taken(f, *args):
    f(*args)
    text = stream.getvalue().replace(__file__, "FILE")
    stream.seek(0)
    stream.truncate()
    return [line for line in text.splitlines() if "probe" not in line][:12]


steady(taken, caller, 4)
steady(taken, failing)
steady(taken, with_stack)
