# multiprocessing: pools by fork and by spawn, queues, exceptions from workers, shared values.
import multiprocessing as mp


def square(n):
    total = 0
    for i in range(n):
        total += i * i
    return total


def fails(n):
    if n == 2:
        raise ValueError(f"worker {n}")
    return n


def put(q, n):
    for i in range(n):
        q.put(square(i))


def main():
    for method in ("fork", "spawn"):
        ctx = mp.get_context(method)
        with ctx.Pool(2) as pool:
            print(method, pool.map(square, range(0, 2000, 200)))
            print(pool.starmap(pow, [(2, 3), (3, 2)]))
            try:
                pool.map(fails, range(4))
            except ValueError as e:
                print("caught", e)
        q = ctx.Queue()
        p = ctx.Process(target=put, args=(q, 5))
        p.start()
        print([q.get() for _ in range(5)])
        p.join()
        print(p.exitcode)


if __name__ == "__main__":
    main()
