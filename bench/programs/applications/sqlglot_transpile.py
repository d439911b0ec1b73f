"""Sqlglot: parse, optimise and translate queries between dialects."""

import sqlglot
from sqlglot.optimizer import optimize

N = 6

QUERIES = [
    "SELECT a.id, COUNT(*) AS n, SUM(b.price * (1 - b.discount)) AS total FROM orders AS a "
    "JOIN items AS b ON a.id = b.order_id WHERE a.day >= '2024-01-01' AND b.state IN ('x', 'y') "
    "GROUP BY a.id HAVING COUNT(*) > 2 ORDER BY total DESC LIMIT 10",
    "WITH t AS (SELECT id, ROW_NUMBER() OVER (PARTITION BY kind ORDER BY day) AS r FROM events) "
    "SELECT CASE WHEN r = 1 THEN 'first' WHEN r < 5 THEN 'early' ELSE 'late' END AS c, id FROM t WHERE r < 10",
    "SELECT x FROM (SELECT CAST(v AS INT) AS x FROM raw UNION ALL SELECT y FROM other) AS q WHERE x BETWEEN 1 AND 9",
]
SCHEMA = {
    "orders": {"id": "INT", "day": "DATE"},
    "items": {"order_id": "INT", "price": "DOUBLE", "discount": "DOUBLE", "state": "TEXT"},
}


def run(n):
    total = 0
    for _ in range(n):
        for query in QUERIES:
            for dialect in ("spark", "bigquery", "snowflake"):
                total += len(sqlglot.transpile(query, read="postgres", write=dialect)[0])
        total += len(optimize(sqlglot.parse_one(QUERIES[0]), schema=SCHEMA).sql())
    return total
