# unittest and doctest run inside the program, with mocks, subtests and expected failures.
import doctest
import io
import unittest
from unittest import mock


def add(a, b):
    """
    >>> add(1, 2)
    3
    >>> add('a', 1)
    Traceback (most recent call last):
    ...
    TypeError: can only concatenate str (not "int") to str
    """
    return a + b


class T(unittest.TestCase):
    def test_add(self):
        for i in range(10):
            with self.subTest(i=i):
                self.assertEqual(add(i, 1), i + 1)

    def test_mock(self):
        m = mock.Mock(return_value=5)
        self.assertEqual(m(1, k=2), 5)
        m.assert_called_once_with(1, k=2)
        with mock.patch("__main__.add", lambda a, b: "patched"):
            self.assertEqual(add(1, 2), "patched")
        self.assertEqual(add(1, 2), 3)

    def test_raises(self):
        with self.assertRaisesRegex(TypeError, "concatenate"):
            add("a", 1)

    @unittest.expectedFailure
    def test_expected(self):
        self.assertEqual(1, 2)

    def test_fails(self):
        self.assertIn(5, [1, 2])


stream = io.StringIO()
result = unittest.TextTestRunner(stream=stream, verbosity=2).run(unittest.defaultTestLoader.loadTestsFromTestCase(T))
print(result.testsRun, len(result.failures), len(result.errors), len(result.expectedFailures))
print([line for line in stream.getvalue().splitlines() if "Ran" not in line and "/" not in line])
print(doctest.testmod())
