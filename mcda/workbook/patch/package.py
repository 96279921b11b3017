"""Which parts a workbook is made of: its sheets, their kinds and paths, what belongs to them."""

from __future__ import annotations

import posixpath
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from mcda.workbook.guard import UnreadablePart, part_key, read_part

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_SHEET_BYTES = 150_000_000
"""A sheet that is written to, once inflated; 50 000 rows of 20 cells have 40 MB."""


@dataclass(frozen=True, slots=True)
class Relation:
    """What one part says of another: its id, the last word of the kind, the path."""

    id: str
    kind: str
    path: str


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A tab of the workbook; ``kind`` is ``worksheet`` for those that have cells."""

    name: str
    kind: str
    path: str
    sheet_id: str


class Package:
    """The parts of a workbook, found by relations as Excel finds them, not by their usual names.

    Raises:
        UnreadablePart: a part is too large, or this is no workbook of Excel.
    """

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self._parts = {part_key(name): name for name in archive.namelist()}
        self.workbook = next(
            (r.path for r in self.relations("") if r.kind == "officeDocument" and r.path), ""
        )
        if not self.workbook or self.workbook.endswith(".bin"):
            raise UnreadablePart("This is not an Excel workbook (.xlsx).")
        root = self.xml(self.workbook)
        space = root.tag.removesuffix("workbook")
        relations = {relation.id: relation for relation in self.relations(self.workbook)}
        self.related = tuple(relations.values())
        self.sheets = tuple(
            SheetPart(
                sheet.get("name", ""),
                relations[identity].kind if identity in relations else "sheet that is missing",
                relations[identity].path if identity in relations else "",
                sheet.get("sheetId", ""),
            )
            for sheet in root.iterfind(f"{space}sheets/{space}sheet")
            for identity in (_relation_id(sheet),)
        )
        properties = root.find(f"{space}workbookPr")
        self.epoch_1904 = properties is not None and properties.get("date1904") in ("1", "true")

    def sheet(self, name: str) -> SheetPart | None:
        """Return the tab of that name, whatever its case; Excel has no two that differ by case."""
        wanted = name.casefold()
        return next((sheet for sheet in self.sheets if sheet.name.casefold() == wanted), None)

    def has_twin(self, part: SheetPart) -> bool:
        """Whether another tab has the name or the part of this one, as damaged files have it."""
        name = part.name.casefold()
        alike = [s for s in self.sheets if s.name.casefold() == name or s.path == part.path]
        return len(alike) > 1

    def path_of(self, kind: str) -> str | None:
        """Return the part of the workbook of a kind, such as ``styles``."""
        return next((r.path for r in self.related if r.kind == kind and r.path), None)

    def relations(self, path: str) -> tuple[Relation, ...]:
        """Return what a part is related to; a path is empty where nothing of that name is here."""
        name = self._parts.get(relations_path(path).casefold())
        if name is None:
            return ()
        root = ElementTree.fromstring(read_part(self.archive, name))
        return tuple(
            Relation(
                relation.get("Id", ""),
                relation.get("Type", "").rpartition("/")[2],
                self._parts.get(_target(path, relation.get("Target", "")).casefold(), ""),
            )
            for relation in root.iter()
            if relation.tag.endswith("}Relationship") and relation.get("TargetMode") != "External"
        )

    def xml(self, path: str) -> Element:
        """Return a small part, parsed."""
        return ElementTree.fromstring(read_part(self.archive, path))

    def sheet_bytes(self, path: str) -> bytes:
        """Return the bytes of a sheet, which may be larger than other parts."""
        size = self.archive.getinfo(path).file_size
        if size > MAX_SHEET_BYTES:
            raise UnreadablePart(
                f"The part {path} is {size / 1e6:.0f} MB; a sheet that is written to may have "
                f"{MAX_SHEET_BYTES / 1e6:.0f} MB."
            )
        return self.archive.read(path)

    @property
    def signed(self) -> bool:
        """Whether a digital signature vouches for the parts."""
        return any(name.startswith("_xmlsignatures/") for name in self._parts) or any(
            relation.kind == "origin" for relation in self.relations("")
        )

    def name_of(self, path: str) -> str | None:
        """Return a part's name in the zip, whatever its case."""
        return self._parts.get(path.casefold())


def relations_path(path: str) -> str:
    """Return where the relations of a part stand.

    >>> relations_path("xl/workbook.xml"), relations_path("")
    ('xl/_rels/workbook.xml.rels', '_rels/.rels')
    """
    folder, name = posixpath.split(path)
    return posixpath.join(folder, "_rels", name + ".rels")


def _target(path: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(path), target))[1:]


def _relation_id(sheet: Element) -> str:
    return next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
