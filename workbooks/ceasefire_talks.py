"""What Excel runs for the workbook of this name: *Run main*, and the worksheet functions.

The xlwings add-in looks for a Python file beside the workbook, of the workbook's name. This one
serves any workbook of the project: copy it beside the workbook, under its name.
"""

import xlwings

from mcda.workbook.excel.button import run_main
from mcda.workbook.excel.worksheet_functions import MCDA_RANK, MCDA_VALUE

__all__ = ["MCDA_RANK", "MCDA_VALUE", "main"]


def main() -> None:
    """Write Python's results into the workbook whose *Run main* was pressed."""
    run_main(xlwings)
