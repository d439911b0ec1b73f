"""Tests for pytest to run: fixtures, parameters, marks, failures and their explained assertions."""

import pytest


class Account:
    def __init__(self, balance=0):
        self.balance = balance

    def withdraw(self, amount):
        if amount > self.balance:
            raise ValueError(f"{amount} is more than {self.balance}")
        self.balance -= amount
        return self


@pytest.fixture(params=[0, 10, 100])
def account(request):
    a = Account(request.param)
    yield a
    assert a.balance >= 0


@pytest.fixture
def squares():
    return {i: i * i for i in range(10)}


def test_withdraw(account):
    with pytest.raises(ValueError, match="more than"):
        account.withdraw(account.balance + 1)
    assert account.withdraw(account.balance).balance == 0


@pytest.mark.parametrize("n, expected", [(n, sum(range(n))) for n in range(60)])
def test_sum(n, expected):
    total = 0
    for i in range(n):
        total += i
    assert total == expected


def test_squares(squares, monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(Account, "balance", 5, raising=False)
    print(squares[3], end="")
    assert capsys.readouterr().out == "9"
    (tmp_path / "f").write_text("x")
    assert [p.name for p in tmp_path.iterdir()] == ["f"]
    assert Account.balance == 5


@pytest.mark.xfail(strict=True)
def test_expected_failure(squares):
    assert squares[2] == 5


@pytest.mark.skip(reason="shown in the output")
def test_skipped():
    raise AssertionError


def test_comparison_is_explained(squares):
    left = [squares[i] for i in range(6)]
    assert left == [0, 1, 4, 9, 15, 25]


def test_raises_in_the_middle(account):
    for i in range(5):
        if i == 3:
            account.withdraw(10**6)


class TestClass:
    values = []

    @pytest.mark.parametrize("x", "abc")
    def test_order(self, x):
        self.values.append(x)
        assert x == "abc"[len(self.values) - 1]
