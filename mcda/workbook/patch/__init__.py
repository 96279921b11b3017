"""Set cells of an existing workbook and leave everything else in it as it is, byte for byte."""

from __future__ import annotations

from mcda.workbook.patch.edits import Edit, Formula, Result, Scalar
from mcda.workbook.patch.patching import patch
from mcda.workbook.patch.proof import Unproven

__all__ = ["Edit", "Formula", "Result", "Scalar", "Unproven", "patch"]
