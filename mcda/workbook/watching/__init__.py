"""Keeping a workbook in step while others save it."""
