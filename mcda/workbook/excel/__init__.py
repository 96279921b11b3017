"""A workbook that is open in Excel: the adapter to xlwings, its twin, the button, functions."""
