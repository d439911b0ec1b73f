"""Docutils: a reStructuredText document to HTML."""

from docutils.core import publish_string

N = 3

SECTION = """
Part {k}
========

Some *emphasis*, ``literal`` and **strong** text with a `link <https://example.org/{k}>`_ and a
footnote [#f{k}]_.

- item one of {k}
- item two

  1. nested
  2. numbers

======  =====
name    value
======  =====
row {k:02}  {k}
other   more
======  =====

::

    code(block, {k})

.. [#f{k}] The note of part {k}.
"""


def run(n):
    text = "Title\n#####\n" + "".join(SECTION.format(k=k) for k in range(12))
    settings = {"report_level": 5, "datestamp": None, "stylesheet_path": None, "embed_stylesheet": False}
    total = 0
    for _ in range(n):
        html = publish_string(text, writer="html5", settings_overrides=settings)
        total += len(html)
    return total
