"""Opening a case, whichever of its two forms it is in."""

from __future__ import annotations

from pathlib import Path

from mcda.case import Case
from mcda.json_form import case_from_json
from mcda.problems import CaseProblem, Problem

WORKBOOK_SUFFIXES = (".xlsx", ".xlsm")


def read(path: str | Path) -> Case:
    """Read a case from a workbook (``.xlsx``, ``.xlsm``) or a JSON file.

    Raises:
        CaseProblem: with every problem found, each with its cell or JSON path; a file that cannot
            be read is one, too.
    """
    file = Path(path)
    if file.suffix.lower() in WORKBOOK_SUFFIXES:
        from mcda.workbook.read import case_from_workbook

        return case_from_workbook(read_bytes(file), file.name)
    if file.suffix.lower() == ".json":
        return case_from_json(read_bytes(file))
    what = f"“{file.suffix}” is no form of a case." if file.suffix else "The file has no ending."
    raise CaseProblem([Problem(str(path), what, "A case is an .xlsx, .xlsm or .json file.")])


def read_bytes(file: Path) -> bytes:
    """Return the bytes of a file, or say in words why there are none."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        what, fix = "There is no such file.", "Check the name and the folder."
    except IsADirectoryError:
        what, fix = "This is a folder.", "Name the file in it."
    except PermissionError:
        what, fix = "The file may not be read.", "Ask for access, or close the program holding it."
    except OSError as error:
        what, fix = f"The file cannot be read: {error.strerror}.", "Try again."
    except ValueError:
        what, fix = "This is not a file name.", "Check it."
    raise CaseProblem([Problem(str(file), what, fix)])
