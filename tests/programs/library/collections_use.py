# deque, Counter, defaultdict, OrderedDict, heapq, bisect: the inner loops of many programs.
import bisect
import heapq
from collections import Counter, OrderedDict, defaultdict, deque
from probe import steady


def dijkstra(n):
    graph = defaultdict(list)
    for i in range(n):
        for k in (1, 3, 7):
            graph[i].append(((i * k + 1) % n, (i * k) % 5 + 1))
    dist = {0: 0}
    heap = [(0, 0)]
    while heap:
        d, u = heapq.heappop(heap)
        if d > dist[u]:
            continue
        for v, w in graph[u]:
            if v not in dist or d + w < dist[v]:
                dist[v] = d + w
                heapq.heappush(heap, (d + w, v))
    return sorted(dist.items())


def bfs(n):
    q = deque([(0, 0)])
    seen = {(0, 0): 0}
    while q:
        x, y = q.popleft()
        for dx, dy in ((1, 0), (0, 1), (-1, 0), (0, -1)):
            p = x + dx, y + dy
            if 0 <= p[0] < n and 0 <= p[1] < n and (p[0] * p[1]) % 3 != 1 and p not in seen:
                seen[p] = seen[x, y] + 1
                q.append(p)
    return len(seen), max(seen.values())


def counts(text):
    c = Counter(text)
    c.update("aaa")
    c.subtract("b")
    return c.most_common(2), c["zzz"], c + Counter("z"), sum(c.values())


def lru(n):
    cache = OrderedDict()
    hits = 0
    for i in range(n):
        k = i * 7 % 10
        if k in cache:
            cache.move_to_end(k)
            hits += 1
        else:
            cache[k] = i
            if len(cache) > 6:
                cache.popitem(last=False)
    return hits, list(cache)


def bisected(n):
    l = []
    for i in range(n):
        bisect.insort(l, i * 37 % 101)
    return l, bisect.bisect(l, 50)


def life(n, steps):
    cells = {(1, 0), (2, 1), (0, 2), (1, 2), (2, 2)}
    for _ in range(steps):
        c = Counter((x + dx, y + dy) for x, y in cells for dx in (-1, 0, 1) for dy in (-1, 0, 1) if dx or dy)
        cells = {p for p, k in c.items() if k == 3 or (k == 2 and p in cells)}
    return sorted(cells)


def queens(n):
    count = 0

    def place(row, cols, d1, d2):
        nonlocal count
        if row == n:
            count += 1
            return
        for c in range(n):
            if c not in cols and row + c not in d1 and row - c not in d2:
                place(row + 1, cols | {c}, d1 | {row + c}, d2 | {row - c})

    place(0, frozenset(), frozenset(), frozenset())
    return count


steady(dijkstra, 40)
steady(bfs, 9)
steady(counts, "abracadabra")
steady(lru, 60)
steady(bisected, 30)
steady(life, 10, 6)
steady(queens, 5)
