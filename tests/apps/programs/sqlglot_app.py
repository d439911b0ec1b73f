"""Parses, transpiles and optimises SQL."""

import sqlglot
from sqlglot.optimizer import optimize

QUERIES = [
    "SELECT a, b + 1 AS c FROM t WHERE a > 5 AND b IN (1, 2, 3) ORDER BY c DESC LIMIT 10",
    "WITH x AS (SELECT id, COUNT(*) AS n FROM orders GROUP BY id HAVING COUNT(*) > 2) SELECT * FROM x JOIN users u ON u.id = x.id LEFT JOIN z USING (id)",
    "SELECT CASE WHEN a THEN 'x' ELSE NULL END, CAST(b AS VARCHAR(10)), DATE_ADD(d, INTERVAL 1 DAY) FROM t UNION ALL SELECT 1, '2', NULL",
    "INSERT INTO t (a, b) SELECT a, SUM(b) OVER (PARTITION BY a ORDER BY c ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM s",
    "CREATE TABLE t (id INT PRIMARY KEY, name TEXT NOT NULL DEFAULT 'x', FOREIGN KEY (id) REFERENCES u (id))",
    "UPDATE t SET a = b * (c - 1) % 7 WHERE NOT EXISTS (SELECT 1 FROM s WHERE s.id = t.id)",
]
for turn in range(4):
    for query in QUERIES:
        for dialect in ("mysql", "postgres", "bigquery", "snowflake", "tsql"):
            text = sqlglot.transpile(query, read="mysql", write=dialect, pretty=turn == 3)[0]
            if turn == 3:
                print(dialect, text)
schema = {"t": {"a": "INT", "b": "INT", "c": "INT"}, "s": {"id": "INT", "a": "INT"}}
for query in (
    "SELECT t.a FROM t, s WHERE t.a = s.a AND (t.b = 1 OR t.b = 1) AND 1 = 1",
    "SELECT a FROM (SELECT a, b FROM t) AS q WHERE q.b > 1 + 2",
):
    print(optimize(sqlglot.parse_one(query), schema=schema).sql())
for bad in ("SELECT FROM WHERE", "SELECT (1", "FOO BAR"):
    try:
        print(repr(sqlglot.parse_one(bad)))
    except sqlglot.errors.ParseError as error:
        print(type(error).__name__, error)
