# Class bodies: names from the body, enclosing functions, globals, builtins; loops, conditionals, deletions in them.
from probe import steady, outcome

x = "global"


def nested():
    x = "enclosing"

    class A:
        first = x
        x = "body"
        second = x
        items = [i * 2 for i in range(3)]
        total = 0
        for i in range(20):
            total += i
        del i
        if total > 3:
            big = True
        try:
            nope
        except NameError as error:
            caught = str(error)
        y = [x for _ in range(1)]

        def m(self):
            return x

        class Inner:
            third = x

    return A.first, A.second, A.items, A.total, A.big, A.caught, A.y, A().m(), A.Inner.third, hasattr(A, "i")


def free(flag):
    if flag:
        x = "enclosing"

    class A:
        try:
            v = x
        except NameError as error:
            v = str(error)

    return A.v


def global_in_class():
    class A:
        global made_in_class
        made_in_class = "yes"
        k = made_in_class

    return A.k, made_in_class


def raises():
    class A:
        v = 1
        w = v / 0


def dynamic(n):
    out = []
    for i in range(n):

        class K:
            number = i
            square = number * number

            def get(self, number=number):
                return number, self.square

        out.append(K().get())
    return out


steady(nested)
steady(free, True)
steady(free, False)
steady(global_in_class)
steady(raises)
steady(dynamic, 6)
