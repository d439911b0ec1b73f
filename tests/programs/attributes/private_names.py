# Name mangling in methods, nested functions, comprehensions and keyword arguments.
from probe import steady


class Mangled:
    __cls = "class private"

    def __init__(self):
        self.__v = 1
        self.__list = [self.__v for _ in range(2)]

    def __m(self, __k=5):
        return __k + self.__v

    def use(self):
        def inner():
            self.__v += 1
            return self.__v

        return self.__m(), self.__m(__k=2), inner(), self.__list, self.__cls, sorted(vars(self))


class _Under(Mangled):
    def __init__(self):
        super().__init__()
        self.__v = "own"


steady(lambda: Mangled().use())
steady(lambda: _Under().use())
