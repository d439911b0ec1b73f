# Lists, dicts, sets and deques changed while they are iterated: results and errors.
from collections import deque
from probe import steady


def list_grows(n):
    l = [1, 2]
    out = []
    for x in l:
        out.append(x)
        if len(l) < n:
            l.append(len(l) * 10)
    return out


def list_shrinks():
    l = list(range(10))
    out = []
    for x in l:
        out.append(x)
        l.pop()
    return out


def list_removed_in_front():
    l = list(range(10))
    for x in l:
        if x % 2 == 0:
            l.remove(x)
            l.insert(0, -1) if x == 4 else None
    return l


def list_cleared_and_refilled():
    l = [1, 2, 3]
    it = iter(l)
    out = [next(it)]
    l.clear()
    out += list(it)
    l += [4, 5, 6]
    out += list(it)
    return out


def list_rebound():
    l = [1, 2, 3]
    out = []
    for x in l:
        out.append(x)
        l = ["other"]
    return out, l


def dict_grows():
    d = {1: 1}
    for k in d:
        d[k + 1] = 1


def dict_changes_value():
    d = {1: 1, 2: 2}
    for k in d:
        d[k] = d[k] * 2
    return d


def dict_shrinks():
    d = {i: i for i in range(5)}
    out = []
    try:
        for k, v in d.items():
            out.append(k)
            if k == 2:
                del d[4]
    except RuntimeError as e:
        return out, str(e)


def dict_same_size():
    d = {i: i for i in range(5)}
    out = []
    try:
        for k in d:
            out.append(k)
            if k == 1:
                del d[0]
                d["new"] = 1
    except RuntimeError as e:
        return out, str(e)
    return out


def set_grows():
    s = {1}
    for x in s:
        s.add(x + 1)


def deque_changes():
    q = deque([1, 2])
    for x in q:
        q.append(x)


def copies():
    d = {1: 1, 2: 2}
    for k in list(d):
        del d[k]
    return d


for f in (
    list_shrinks,
    list_removed_in_front,
    list_cleared_and_refilled,
    list_rebound,
    dict_grows,
    dict_changes_value,
    dict_shrinks,
    dict_same_size,
    set_grows,
    deque_changes,
    copies,
):
    steady(f)
steady(list_grows, 20)
