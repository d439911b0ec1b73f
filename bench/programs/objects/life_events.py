"""A shop simulated by events: a heap of pending events, dispatch on classes, properties."""

import heapq

N = 25_000


class Event:
    __slots__ = ("time", "order")

    def __init__(self, time, order):
        self.time = time
        self.order = order

    def __lt__(self, other):
        return (self.time, self.order) < (other.time, other.order)

    def happen(self, shop):
        raise NotImplementedError


class Arrival(Event):
    __slots__ = ("customer",)

    def __init__(self, time, order, customer):
        super().__init__(time, order)
        self.customer = customer

    def happen(self, shop):
        shop.arrivals += 1
        shop.shortest().join(self.customer, shop)


class Served(Event):
    __slots__ = ("desk",)

    def __init__(self, time, order, desk):
        super().__init__(time, order)
        self.desk = desk

    def happen(self, shop):
        self.desk.finish(shop)


class Customer:
    def __init__(self, items, arrived):
        self.items = items
        self.arrived = arrived
        self._patience = 5 * items

    @property
    def patience(self):
        return self._patience

    @patience.setter
    def patience(self, value):
        self._patience = value if value > 0 else 0

    def waited(self, now):
        return now - self.arrived


class Desk:
    speed = 3

    def __init__(self, number):
        self.number = number
        self.queue = []
        self.busy = None
        self.served = 0

    def __len__(self):
        return len(self.queue) + (self.busy is not None)

    def join(self, customer, shop):
        if self.busy is None:
            self.start(customer, shop)
        else:
            self.queue.append(customer)

    def start(self, customer, shop):
        self.busy = customer
        shop.schedule(Served, self.duration(customer), self)

    def duration(self, customer):
        return 2 + customer.items * self.speed

    def finish(self, shop):
        customer = self.busy
        self.served += 1
        customer.patience -= customer.waited(shop.now)
        shop.happy += customer.patience > 0
        self.busy = None
        if self.queue:
            self.start(self.queue.pop(0), shop)


class FastDesk(Desk):
    speed = 2

    def duration(self, customer):
        return super().duration(customer) - 1


class Shop:
    def __init__(self, desks):
        self.now = 0
        self.order = 0
        self.events = []
        self.desks = desks
        self.arrivals = self.happy = 0

    def schedule(self, kind, delay, subject):
        self.order += 1
        heapq.heappush(self.events, kind(self.now + delay, self.order, subject))

    def shortest(self):
        return min(self.desks, key=len)

    def run(self):
        while self.events:
            event = heapq.heappop(self.events)
            self.now = event.time
            event.happen(self)


def run(n):
    shop = Shop([Desk(i) for i in range(3)] + [FastDesk(i) for i in range(3, 5)])
    seed = 42
    time = 0
    for _ in range(n):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        time += seed % 13
        items = seed // 64 % 20 + 1
        shop.schedule(Arrival, time, Customer(items, time))
    shop.run()
    return shop.now, shop.arrivals, shop.happy, [desk.served for desk in shop.desks]
