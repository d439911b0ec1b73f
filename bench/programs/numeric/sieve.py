"""Whole numbers: a sieve, Collatz lengths, greatest common divisors, modular powers."""

N = 400_000


def sieve(limit):
    flags = [True] * (limit + 1)
    flags[0] = flags[1] = False
    i = 2
    while i * i <= limit:
        if flags[i]:
            for multiple in range(i * i, limit + 1, i):
                flags[multiple] = False
        i += 1
    return [i for i in range(limit + 1) if flags[i]]


def longest_collatz(limit):
    best = best_start = 0
    for start in range(1, limit):
        length, value = 1, start
        while value != 1:
            value = value // 2 if value % 2 == 0 else 3 * value + 1
            length += 1
        if length > best:
            best, best_start = length, start
    return best, best_start


def gcd(a, b):
    while b:
        a, b = b, a % b
    return a


def power(base, exponent, modulus):
    result = 1
    base %= modulus
    while exponent:
        if exponent & 1:
            result = result * base % modulus
        base = base * base % modulus
        exponent >>= 1
    return result


def run(n):
    primes = sieve(n)
    coprime = sum(gcd(a, b) == 1 for a in range(1, 150) for b in range(1, 150))
    powers = sum(power(3, p, 1_000_000_007) for p in primes[:2000]) % 1_000_003
    return len(primes), primes[-1], longest_collatz(n // 12), coprime, powers
