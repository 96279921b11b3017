"""The one place that calls scikit-criteria (Cabral, Luczywo & Zanazzi 2016).

Its own answers are taken, never its ranks: they are dense (1, 2, 2, 3), and rounding decides its
ties. It validates neither numbers nor weights, so that everything given to it has come through
:func:`mcda.ranking.performance.performance`.
"""

from __future__ import annotations

import importlib
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def evaluate(
    module: str,
    method: str,
    matrix: Floats,
    weights: Floats,
    maximise: NDArray[np.bool_] | None = None,
    /,
    *,
    options: dict[str, object] | None = None,
    **data: object,
) -> dict[str, Any]:
    """Let one method of the library evaluate a matrix, and return everything but its ranks.

    Args:
        module: Its module under ``skcriteria.agg``.
        method: The name of its class.
        matrix: Shape (n, m), scaled as the method's paper says.
        weights: Shape (m,).
        maximise: Shape (m,), true where more is better; all of them if absent.
        options: What the class is made with.
        **data: What its ``evaluate`` takes besides the matrix.

    Returns:
        The library's own names of its results → numbers or arrays.
    """
    # Importing takes seconds: it brings scikit-learn and seaborn.
    library = importlib.import_module("skcriteria")
    methods = importlib.import_module(f"skcriteria.agg.{module}")
    # MARCOS prints its scores; a name of its own module shadows the built-in, for it alone.
    vars(methods)["print"] = _silent
    upward = np.ones(len(weights), dtype=bool) if maximise is None else maximise
    given = library.mkdm(matrix, [1 if up else -1 for up in upward], weights=weights)
    with warnings.catch_warnings():
        # Advice on how to prepare the matrix; it has been prepared.
        warnings.simplefilter("ignore")
        result = getattr(methods, method)(**(options or {})).evaluate(given, **data)
    return dict(result.extra_)


def _silent(*_: object, **__: object) -> None:
    """Print nothing."""
