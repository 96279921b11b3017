"""What the live formulas of a workbook give for its inputs, without any office program.

The formulas are read from the workbook and computed by the calculation library formualizer, so
that the results cached in a file are those that Excel would show. The engine is given what our own
reader has read, never the file, and only formulas of ours.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mcda.workbook.cells import Book, Fault
from mcda.workbook.formulas import engine_functions as functions
from mcda.workbook.formulas.dependents import dependents
from mcda.workbook.formulas.engine_formula import JOIN, NUMBERS, RANGE, EngineFormulas, Unsupported
from mcda.workbook.formulas.live_cells import LiveCells, Result, cached, live_cells
from mcda.workbook.tables import Place

__all__ = ["Recalculator", "Result", "cached", "recalculated"]

Input = str | float | bool | None
LONGEST = 60_000
"""Milliseconds that an evaluation may take; the ceasefire case takes one second."""
MOST_FORMULAS = 300_000
"""Beyond that nothing is computed; 300 packages × 6 parties × 8 criteria are 83 000."""
_FAULTS = {
    "Null": "#NULL!", "Div": "#DIV/0!", "Value": "#VALUE!", "Ref": "#REF!", "Name": "#NAME?",
    "Num": "#NUM!", "Na": "#N/A",
}  # fmt: skip
_KINDS = {text: kind for kind, text in _FAULTS.items()}


def recalculated(
    data: bytes | Book, name: str, overlay: Mapping[Place, Input] | None = None
) -> dict[Place, Result]:
    """Compute every live formula of ours in a workbook.

    Args:
        data: the workbook, or one that was opened already.
        name: how messages call it.
        overlay: inputs that are about to be written, by cell; None empties a cell.

    Returns:
        The result by cell (sheet, row and column, zero-based): a number, a text, a truth value or
        an error value; None where the engine cannot tell.

    Raises:
        CaseProblem: this is no workbook, or it is damaged, or not safe to open.
    """
    return Recalculator()(data, name, overlay)


@dataclass(slots=True)
class Recalculator:
    """Computes a workbook again and again; where the formulas stay, only what changed is."""

    _engine: _Engine | None = None

    def __call__(
        self, data: bytes | Book, name: str, overlay: Mapping[Place, Input] | None = None
    ) -> dict[Place, Result]:
        """Compute every live formula of ours; see `recalculated`."""
        live = live_cells(data, name)
        inputs: dict[Place, Any] = dict(live.constants)
        for place, value in (overlay or {}).items():
            if place not in live.formulas:
                inputs[place] = value
        if len(live.formulas) > MOST_FORMULAS:
            return dict.fromkeys(live.formulas)
        if self._engine is None or not self._engine.fits(live):
            self._engine = _Engine(live)
        try:
            return self._engine.results(inputs)
        except _GivenUp:
            self._engine = None
            return dict.fromkeys(live.formulas)


class _GivenUp(Exception):
    """The library did not finish."""


def _is_given_up(error: BaseException) -> bool:
    """Say whether the library gave up: at a limit of its own, or by a panic, which is no Exception.

    What is wrong with one formula only is a RuntimeError, too.
    """
    from formualizer import ExcelEvaluationError

    known = isinstance(error, RuntimeError | ExcelEvaluationError)
    return known or type(error).__name__ == "PanicException"


@dataclass(slots=True)
class _Engine:
    """The library's workbook for one set of formulas."""

    live: LiveCells
    _book: Any = None
    _inputs: dict[Place, Any] = field(default_factory=dict)
    _texts: dict[Place, str] = field(default_factory=dict)
    """The formulas as the library takes them."""
    _unknown: set[Place] = field(default_factory=set)
    """Formulas that it does not take."""
    _failures: list[Exception] = field(default_factory=list)
    """What went wrong in functions of ours."""

    def fits(self, live: LiveCells) -> bool:
        """Say whether a workbook has the same formulas, in the same places."""
        return (
            live.formulas == self.live.formulas
            and live.names == self.live.names
            and live.computed == self.live.computed
            and live.unknown == self.live.unknown
            and live.sheets == self.live.sheets
        )

    def __post_init__(self) -> None:
        import formualizer

        settings = formualizer.EvaluationConfig()
        settings.max_eval_time_ms = LONGEST
        self._book = formualizer.Workbook(
            config=formualizer.WorkbookConfig(eval_config=settings, enable_changelog=False)
        )
        for sheet in self.live.sheets.values():
            self._book.add_sheet(sheet)
        self._register()
        self._write_formulas()

    def _register(self) -> None:
        own = {
            **functions.OVERRIDES,
            JOIN: (functions.by_cell(functions.joined), 1, 255),
            RANGE: (lambda cells: cells, 1, 1),
        }
        for name, (function, least, most) in own.items():
            self._book.register_function(
                name, self._watched(function), min_args=least, max_args=most,
                thread_safe=True, allow_override_builtin=True,
            )  # fmt: skip

    def _watched(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Note when a function fails: the library would make an error value of it."""
        failures = self._failures  # not the engine itself: the library would keep it for ever

        def call(*arguments: Any) -> Any:
            try:
                return function(*arguments)
            except Exception as error:
                failures.append(error)
                raise

        return call

    def _write_formulas(self) -> None:
        translate = EngineFormulas(self.live).translate
        rows = columns = 1
        for (sheet, row, column), formula in self.live.formulas.items():
            try:
                text = translate(formula, sheet)
                self._book.set_formula(sheet, row + 1, column + 1, text)
                self._texts[sheet, row, column] = text
            except Unsupported:
                self._unknown.add((sheet, row, column))
            except BaseException as error:
                if not _is_given_up(error):
                    raise
                self._unknown.add((sheet, row, column))
        for area in self.live.names.values():
            if area is not None:
                rows, columns = max(rows, area.bottom + 1), max(columns, area.right + 1)
        self._book.add_sheet(NUMBERS)
        for number in range(1, min(rows, 30_000) + 1):
            self._book.set_value(NUMBERS, number, 1, number)
        for number in range(2, min(columns, 3_000) + 1):
            self._book.set_value(NUMBERS, 1, number, number)

    def results(self, inputs: dict[Place, Any]) -> dict[Place, Result]:
        """Compute all formulas for these inputs."""
        for place in self._inputs.keys() - inputs.keys():
            self._set(place, None)
        for place, value in inputs.items():
            if place not in self._inputs or not _same(self._inputs[place], value):
                self._set(place, value)
        self._inputs = inputs
        self._evaluate()
        get = self._book.get_value
        results = {
            place: _result(get(place[0], place[1] + 1, place[2] + 1)) for place in self._texts
        }
        unknown = {place for place, result in results.items() if result is None}
        unknown |= self._unknown | self.live.unknown
        for place in dependents(self._texts, unknown) if unknown else ():
            results[place] = None
        return {place: results.get(place) for place in self.live.formulas}

    def _evaluate(self) -> None:
        try:
            self._book.evaluate_all()
        except BaseException as error:
            if not _is_given_up(error):
                raise
            raise _GivenUp from None
        if self._failures:
            raise _GivenUp

    def _set(self, place: Place, value: Any) -> None:
        sheet, row, column = place
        if isinstance(value, Fault):
            import formualizer

            kind = _KINDS.get(value.text, "Value")
            value = formualizer.LiteralValue.error(kind, "")
        self._book.set_value(sheet, row + 1, column + 1, value)


def _same(first: Any, second: Any) -> bool:
    return type(first) is type(second) and first == second


def _result(value: Any) -> Result:
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        if not math.isfinite(value):
            return Fault("#NUM!")
        return float(value) or 0.0  # never -0.0
    if isinstance(value, dict):
        fault = _FAULTS.get(value.get("kind", ""))
        return None if fault is None else Fault(fault)
    if value is None:
        return 0.0  # a formula that gives a blank cell shows 0
    return None
