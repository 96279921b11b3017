"""What the workbook says of calculating: compute all on opening, and in which order formulas stand.

``calcPr`` has its place among the children of ``workbook`` (ECMA-376 part 1 §18.2.27). The
calculation chain (§18.6) may lack formulas, but Excel repairs a file whose chain names a cell
without one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from mcda.workbook.cells import column_index
from mcda.workbook.patch.markup import Part, attribute, attributes, with_attribute
from mcda.workbook.patch.package import Package, relations_path

_BEFORE = (b"sheets", b"functionGroups", b"externalReferences", b"definedNames")
_RELATIONS = (b"http://schemas.openxmlformats.org/package/2006/relationships",)
_TYPES = (b"http://schemas.openxmlformats.org/package/2006/content-types",)
_CELL = re.compile("([A-Z]{1,3})([0-9]{1,7})")


def with_full_calculation(part: Part) -> bytes | None:
    """Return ``workbook.xml`` told to compute all on opening; None if it says so already."""
    stated = part.tag(b"calcPr").search(part.plain, part.root_end)
    if stated is not None:
        part.check_prefixes(stated.end())
        if attribute(stated[1], b"fullCalcOnLoad") in ("1", "true"):
            return None
        slash = b"/" if stated[1].endswith(b"/") else b""
        tag = stated[1].removesuffix(b"/").rstrip()
        tag = with_attribute(tag, b"fullCalcOnLoad", b"1") + slash
        return part.xml[: stated.start(1)] + tag + part.xml[stated.end(1) :]
    ends = [
        found.end()
        for name in _BEFORE
        if (found := part.element(name).search(part.plain, part.root_end)) is not None
    ]
    new = b"<" + part.prefix + b'calcPr fullCalcOnLoad="1"/>'
    at = max(ends, default=part.root_end)
    part.check_prefixes(at)
    return part.xml[:at] + new + part.xml[at:]


def without_formulas(part: Part, gone: Mapping[str, Collection[tuple[int, int]]]) -> bytes | None:
    """Return the calculation chain without some cells; None if none of its cells is left.

    Args:
        part: the chain.
        gone: by the sheet's id, the cells whose formula goes.
    """
    part.check_prefixes(len(part.plain))
    kept: list[bytes] = []
    at, sheet, left, owed = 0, "", 0, False
    for match in part.tag(b"c").finditer(part.plain, part.root_end):
        stated = attribute(match[1], b"i")
        sheet = stated if stated is not None else sheet
        owed = owed and stated is None
        cell = _CELL.fullmatch(attribute(match[1], b"r") or "")
        spot = None if cell is None else (int(cell[2]) - 1, column_index(cell[1]))
        if spot in gone.get(sheet, ()):
            kept.append(part.xml[at : match.start()])
            at = match.end()
            # The sheet is stated once for the entries that follow.
            owed = owed or stated is not None
            continue
        left += 1
        if owed:
            tag = match[1].removesuffix(b"/").rstrip()
            kept += [
                part.xml[at : match.start(1)],
                with_attribute(tag, b"i", sheet.encode()) + match[1][len(tag) :].lstrip(),
            ]
            at, owed = match.end(1), False
    return b"".join([*kept, part.xml[at:]]) if left else None


def without_chain(package: Package, path: str) -> dict[str, bytes | None]:
    """Return the parts that change if the calculation chain goes: itself, and who names it."""
    identities = {relation.id.encode() for relation in package.related if relation.path == path}
    changed: dict[str, bytes | None] = {path: None}
    relations = package.name_of(relations_path(package.workbook))
    types = package.name_of("[Content_Types].xml")
    if relations is not None:
        part = Part(relations, package.archive.read(relations), _RELATIONS)
        changed[relations] = _without(part, b"Relationship", b"Id", identities)
    if types is not None:
        part = Part(types, package.archive.read(types), _TYPES)
        changed[types] = _without(part, b"Override", b"PartName", {b"/" + path.encode()})
    return changed


def _without(part: Part, name: bytes, key: bytes, values: Collection[bytes]) -> bytes:
    part.check_prefixes(len(part.plain))
    kept, at = [], 0
    for match in part.element(name).finditer(part.plain, part.root_end):
        if any(k == key and v in values for k, v in attributes(match[2])):
            kept.append(part.xml[at : match.start()])
            at = match.end()
    return b"".join([*kept, part.xml[at:]])
