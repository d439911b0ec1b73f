"""Input for mypy: right and wrong, with generics, protocols, overloads, narrowing and dataclasses."""

from __future__ import annotations

import asyncio
import collections
from dataclasses import dataclass, field
from typing import Callable, Generic, Iterable, Literal, Protocol, TypedDict, TypeVar, overload

T = TypeVar("T")


class Shape(Protocol):
    def area(self) -> float: ...


@dataclass
class Square:
    side: float
    tags: list[str] = field(default_factory=list)

    def area(self) -> float:
        return self.side**2


class Stack(Generic[T]):
    def __init__(self) -> None:
        self.items: list[T] = []

    def push(self, item: T) -> None:
        self.items.append(item)

    def pop(self) -> T | None:
        return self.items.pop() if self.items else None


class Options(TypedDict, total=False):
    mode: Literal["fast", "slow"]
    level: int


@overload
def pick(x: int) -> str: ...
@overload
def pick(x: str) -> int: ...
def pick(x: int | str) -> int | str:
    return str(x) if isinstance(x, int) else len(x)


def apply(f: Callable[[T], T], xs: Iterable[T]) -> list[T]:
    return [f(x) for x in xs]


async def fetch(n: int) -> dict[str, int]:
    await asyncio.sleep(0)
    return collections.Counter("abc" * n)


s: Stack[int] = Stack()
s.push("wrong")
reveal_type(s.pop())
reveal_type(pick(1))
reveal_type(apply(lambda v: v + 1, [1, 2]))
shapes: list[Shape] = [Square(2), Square("x"), 5]
options: Options = {"mode": "medium", "level": 1}
value = s.pop()
print(value + 1)
if value is not None:
    print(value + 1, options["missing"], value.upper())
match shapes[0]:
    case Square(side=q):
        reveal_type(q)
    case other:
        reveal_type(other)
def untyped(a, b=None): return a.anything
def missing_return(x: int) -> int:
    if x:
        return "text"
