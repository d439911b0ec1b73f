# Tasks of several classes with inboxes, priorities and states, run round and round.
from probe import steady


class Letter:
    def __init__(self, to, value):
        self.to, self.value, self.hops = to, value, 0


class Task:
    def __init__(self, office, name, priority):
        self.office, self.name, self.priority = office, name, priority
        self.inbox = []
        self.asleep = False
        self.handled = 0

    def ready(self):
        return bool(self.inbox) or not self.asleep

    def turn(self):
        letter = self.inbox.pop(0) if self.inbox else None
        self.handled += letter is not None
        self.react(letter)

    def send(self, letter, to):
        letter.to = to
        letter.hops += 1
        self.office.post(letter)


class Source(Task):
    left = 30

    def react(self, letter):
        if letter is not None:
            self.office.done += letter.hops
        if self.left > 0:
            self.left -= 1
            self.send(Letter("", self.left), "double" if self.left % 3 else "halve")
        else:
            self.asleep = True


class Double(Task):
    def react(self, letter):
        if letter is None:
            self.asleep = True
            return
        letter.value *= 2
        self.send(letter, "sink" if letter.value % 4 else "halve")


class Halve(Double):
    def react(self, letter):
        if letter is not None and letter.hops < 5:
            letter.value = letter.value / 2 if letter.hops > 3 else letter.value // 2
            self.send(letter, "double")
        else:
            super().react(letter)


class Sink(Task):
    def __init__(self, *args):
        super().__init__(*args)
        self.sum = 0

    def react(self, letter):
        self.asleep = letter is None
        if letter:
            self.sum += letter.value
            self.send(letter, "source")


class Office:
    def __init__(self):
        self.tasks, self.done, self.log = {}, 0, []

    def post(self, letter):
        task = self.tasks[letter.to]
        task.inbox.append(letter)
        task.asleep = False

    def run(self, rounds):
        order = sorted(self.tasks.values(), key=lambda t: (-t.priority, t.name))
        for _ in range(rounds):
            busy = False
            for task in order:
                if task.ready():
                    busy = True
                    self.log.append(task.name[0])
                    task.turn()
            if not busy:
                break


def run(rounds):
    office = Office()
    for kind, name, priority in ((Source, "source", 1), (Double, "double", 5), (Halve, "halve", 3), (Sink, "sink", 9)):
        office.tasks[name] = kind(office, name, priority)
    office.run(rounds)
    return office.done, office.tasks["sink"].sum, [t.handled for t in office.tasks.values()], "".join(office.log[:30])


steady(run, 40)
print(run(5000))
