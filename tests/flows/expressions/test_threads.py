from concurrent.futures import ThreadPoolExecutor

from flows.expressions import compile_expression


def test_one_expression_serves_many_threads() -> None:
    source = "input.rows.filter(r, r.n > input.n).size() + steps.a.n"
    expression = compile_expression(source)

    def evaluate(n: int) -> bool:
        rows = [{"n": row} for row in range(50)]
        variables = {"input": {"rows": rows, "n": n % 50}, "steps": {"a": {"n": n}}}
        return bool(expression.evaluate(variables) == 49 - n % 50 + n)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(evaluate, range(2_000)))


def test_many_threads_compile_at_once() -> None:
    def evaluate(n: int) -> bool:
        expression = compile_expression(f"input.n + {n}")
        return bool(expression.evaluate({"input": {"n": 1}, "steps": {}}) == n + 1)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(evaluate, range(500)))
