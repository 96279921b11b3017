"""Opening a case, whichever of its two forms it is in."""

from __future__ import annotations

from pathlib import Path

from mcda.case import Case
from mcda.json_form import case_from_json
from mcda.problems import CaseProblem, Problem

WORKBOOK_SUFFIXES = (".xlsx", ".xlsm")
FORMS = (*WORKBOOK_SUFFIXES, ".json")


def read(path: str | Path) -> Case:
    """Read a case from a workbook (``.xlsx``, ``.xlsm``) or a JSON file.

    Raises:
        CaseProblem: with every problem found, each with its cell or JSON path; a file that cannot
            be read is one, too.
    """
    file = Path(path)
    _form(file)
    return case_from_bytes(file.name, read_bytes(file))


def case_from_bytes(name: str, data: bytes) -> Case:
    """Read a case from a file's name, whose ending says its form, and its bytes.

    Raises:
        CaseProblem: with every problem found, each with its cell or JSON path.
    """
    if _form(Path(name)) == ".json":
        return case_from_json(data)
    from mcda.workbook.read import case_from_workbook

    return case_from_workbook(data, name)


def _form(file: Path) -> str:
    suffix = file.suffix.lower()
    if suffix in FORMS:
        return suffix
    what = f"“{file.suffix}” is no form of a case." if suffix else "The file has no ending."
    raise CaseProblem([Problem(str(file), what, "A case is an .xlsx, .xlsm or .json file.")])


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
