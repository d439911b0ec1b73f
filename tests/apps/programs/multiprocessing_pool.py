"""Work spread over processes, started by fork and by spawn, with results and errors coming back."""

import concurrent.futures
import multiprocessing


def collatz(n):
    best = steps = 0
    for start in range(n, n + 200):
        x, steps = start, 0
        while x != 1:
            x = x // 2 if x % 2 == 0 else 3 * x + 1
            steps += 1
        best = max(best, steps)
    return n, best


def risky(n):
    if n % 3 == 2:
        raise ValueError(f"no {n}")
    return n * 2


def main():
    for method in ("fork", "spawn", "forkserver"):
        context = multiprocessing.get_context(method)
        with context.Pool(2) as pool:
            print(method, pool.map(collatz, range(1, 4000, 400)))
        with concurrent.futures.ProcessPoolExecutor(2, mp_context=context) as executor:
            futures = [executor.submit(risky, n) for n in range(6)]
            print([repr(f.exception()) if f.exception() else f.result() for f in futures])


if __name__ == "__main__":
    main()
