"""How fast the rankings are: run `python benchmarks/ranking.py`.

Prints medians in seconds and their ratios, all measured in this run:

- the additive value with its ranks, against scikit-criteria's weighted sum, which is handed its
  matrix ready made (and once more with the making of it);
- PROMETHEE II (linear preference functions) by sorting, against the dense definition, which
  compares all pairs (a block of rows at a time, so that it fits into memory).

Nothing here passes or fails; what must hold is tested in `tests/ranking/`.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mcda.ranking.promethee import Linear, promethee_ii
from mcda.ranking.result import competition_ranks
from mcda.values import additive, rounded

Floats = NDArray[np.float64]

CRITERIA = 10
SIZES = (100, 10_000, 1_000_000)
DENSE_LIMIT = 10_000
BLOCK = 1 << 20
INDIFFERENCE, PREFERENCE = 10.0, 50.0


def main() -> None:
    rng = np.random.default_rng(2016)
    weights = rng.dirichlet(np.ones(CRITERIA))
    matrices = {n: rng.uniform(0, 100, (n, CRITERIA)) for n in SIZES}
    additive_table(matrices, weights)
    promethee_table(matrices, weights)


def additive_table(matrices: dict[int, Floats], weights: Floats) -> None:
    import skcriteria
    from skcriteria.agg.simple import WeightedSumModel

    print(f"Additive value with ranks, {CRITERIA} criteria")
    print(f"{'packages':>10}{'mcda':>12}{'scikit':>12}{'ratio':>8}{'with mkdm':>12}{'ratio':>8}")
    for n, matrix in matrices.items():
        directions = [max] * CRITERIA
        ready = skcriteria.mkdm(matrix, directions, weights=weights)
        weighted_sum = WeightedSumModel()
        ours = median(lambda m=matrix: competition_ranks(rounded(additive(m, weights))))
        theirs = median(lambda r=ready, w=weighted_sum: w.evaluate(r))
        whole = median(
            lambda m=matrix, d=directions, w=weighted_sum: w.evaluate(
                skcriteria.mkdm(m, d, weights=weights)
            )
        )
        print(
            f"{n:>10}{ours:>12.6f}{theirs:>12.6f}{theirs / ours:>8.1f}"
            f"{whole:>12.6f}{whole / ours:>8.1f}"
        )
    print()


def promethee_table(matrices: dict[int, Floats], weights: Floats) -> None:
    print(f"PROMETHEE II, linear preference functions, {CRITERIA} criteria")
    print(f"{'packages':>10}{'sorted':>12}{'dense':>12}{'ratio':>8}{'differ by':>12}")
    function = Linear(INDIFFERENCE, PREFERENCE)
    upward = np.ones(CRITERIA, dtype=bool)
    for n, matrix in matrices.items():
        fast = median(lambda m=matrix: promethee_ii(m, weights, upward, functions=function))
        if n > DENSE_LIMIT:
            print(f"{n:>10}{fast:>12.6f}{'–':>12}{'–':>8}{'–':>12}")
            continue
        slow = median(lambda m=matrix: dense(m, weights))
        flows = promethee_ii(matrix, weights, upward, functions=function)
        difference = np.abs(flows.net - dense(matrix, weights)).max()
        print(f"{n:>10}{fast:>12.6f}{slow:>12.6f}{slow / fast:>8.1f}{difference:>12.0e}")


def dense(matrix: Floats, weights: Floats) -> Floats:
    """Net flows by the definition: every package against every other."""
    n = len(matrix)
    net = np.zeros(n)
    rows = max(1, BLOCK // n)
    for start in range(0, n, rows):
        block = slice(start, start + rows)
        for c, weight in enumerate(weights):
            difference = matrix[block, c][:, None] - matrix[:, c][None, :]
            for sign in (1, -1):
                degree = (sign * difference - INDIFFERENCE) / (PREFERENCE - INDIFFERENCE)
                net[block] += sign * weight * np.clip(degree, 0, 1).sum(axis=1)
    return net / (n - 1)


def median(run: Callable[[], object]) -> float:
    """Median time of a run in seconds, of 3 to 50 runs in about two seconds."""
    run()
    times: list[float] = []
    while len(times) < 3 or (len(times) < 50 and sum(times) < 2):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


if __name__ == "__main__":
    main()
