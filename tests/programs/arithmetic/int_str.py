# int <-> str: bases, whitespace, underscores, errors, the digit limit.
import sys
from probe import outcome, steady, show


def parse(text, *base):
    return int(text, *base)


for text in ("0", " 12 ", "-7", "+7", "1_000", "__1", "1__0", "", " ", "0x10", "12a", "\u0663", "9" * 30):
    print(repr(text), outcome(parse, text), outcome(parse, text, 0), outcome(parse, text, 16))
print(
    outcome(parse, "10", 1), outcome(parse, "z", 36), outcome(parse, 1.9), outcome(parse, None), outcome(parse, b"12")
)
print(outcome(parse, float("nan")), outcome(parse, float("inf")), outcome(parse, "1" * 5000)[:60])
sys.set_int_max_str_digits(0)
print(len(str(10**5000)))


def digits(n):
    total = 0
    for i in range(n):
        for c in str(i * i):
            total += int(c)
    return total


def collatz(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps, f"{n:>5}"


steady(digits, 150)
steady(collatz, 27)
steady(collatz, 2**70 + 1)
print(hex(-255), oct(8), bin(-5), (2**64).bit_length(), (-(2**63)).to_bytes(8, "big", signed=True), round(12345, -2))
print(int.from_bytes(b"\xff\xfe", "little"), divmod(-7, 2), (255).bit_count(), (5).as_integer_ratio())
