"""For all Python tests, here and under packaging/."""

import signal

# A job in the background of a script ignores interrupts, and so would every program that is started by a test.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
