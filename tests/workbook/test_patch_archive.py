"""The zip around a patched part: all other entries are the bytes that they were."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

import pytest

from mcda.problems import CaseProblem
from mcda.workbook.patch import Edit, patch
from tests.workbook.small_book import SHEET, book, opened, worksheet

EDIT = Edit("S", 0, 0, 12.5)


class _Unseekable(io.BytesIO):
    """A stream that cannot go back, so that zips written to it have data descriptors."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise io.UnsupportedOperation

    def tell(self) -> int:
        raise io.UnsupportedOperation


def contents() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(book(worksheet('<row r="1"/>')))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def plain(archive: zipfile.ZipFile) -> None:
    for name, part in contents().items():
        archive.writestr(name, part)


def zip64(archive: zipfile.ZipFile) -> None:
    for name, part in contents().items():
        with archive.open(name, "w", force_zip64=True) as entry:
            entry.write(part)


def with_everything(archive: zipfile.ZipFile) -> None:
    """Extra fields, comments, attributes, another order, both methods, a folder, Unicode names."""
    archive.comment = b"PK a comment of the whole"
    for number, (name, part) in enumerate(reversed(contents().items())):
        info = zipfile.ZipInfo(name, (1999, 12, 31, 23, 59, 58))
        info.extra = struct.pack("<2H", 0xCAFE, 4) + b"mine"
        info.comment = f"comment {number}".encode()
        info.external_attr = 0o640 << 16
        info.create_system = 3
        info.compress_type = zipfile.ZIP_STORED if number % 2 else zipfile.ZIP_DEFLATED
        archive.writestr(info, part)
    archive.writestr("customXml/", b"")
    archive.writestr("customXml/prüfung.bin", bytes(range(256)))


def written(fill: Callable[[zipfile.ZipFile], None], stream: io.BytesIO) -> bytes:
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        fill(archive)
    return stream.getvalue()


def raw(data: bytes, info: zipfile.ZipInfo, end: int) -> bytes:
    """Everything of an entry: local header, packed bytes, descriptor, and what follows."""
    return data[info.header_offset : end]


def ends(archive: zipfile.ZipFile) -> dict[str, int]:
    infos = sorted(archive.infolist(), key=lambda info: info.header_offset)
    starts = [info.header_offset for info in infos[1:]] + [archive.start_dir]
    return {info.filename: start for info, start in zip(infos, starts, strict=True)}


def check(data: bytes) -> bytes:
    done = patch(data, [EDIT], "test.xlsx")
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(io.BytesIO(done)) as new:
        assert new.testzip() is None
        assert new.namelist() == old.namelist()
        assert new.comment == old.comment
        old_ends, new_ends = ends(old), ends(new)
        for was, now in zip(old.infolist(), new.infolist(), strict=True):
            name = was.filename
            for fact in (
                "date_time", "external_attr", "internal_attr", "create_system", "compress_type",
                "comment", "create_version", "extract_version",
            ):  # fmt: skip
                assert getattr(was, fact) == getattr(now, fact), (name, fact)
            if name in (SHEET, "xl/workbook.xml"):
                assert b"mine" not in was.extra or now.extra == was.extra
                assert new.read(name) != old.read(name)
            else:
                assert raw(data, was, old_ends[name]) == raw(done, now, new_ends[name])
                assert was.extra == now.extra or was.extra.startswith(b"\1\0")  # its offset
                assert was.flag_bits == now.flag_bits
    assert opened(done)["A1"].value == 12.5
    assert patch(done, [EDIT], "test.xlsx") == done
    assert patch(data, [EDIT], "test.xlsx") == done
    return done


@pytest.mark.parametrize("fill", [plain, zip64, with_everything])
@pytest.mark.parametrize("stream", [io.BytesIO, _Unseekable])
def test_everything_but_the_changed_parts_is_copied(
    fill: Callable[[zipfile.ZipFile], None], stream: type[io.BytesIO]
) -> None:
    check(written(fill, stream()))


def with_zip64_end(data: bytes) -> bytes:
    """Give a zip the end records of a large one, as some writers always do."""
    end = data.rfind(b"PK\x05\x06")
    _, _, _, _, count, size, start, comment = struct.unpack("<4s4H2LH", data[end : end + 22])
    end64 = struct.pack(
        "<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, start
    )  # fmt: skip
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    last = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, comment
    )
    return data[:end] + end64 + locator + last + data[end + 22 :]


def test_the_end_records_of_zip64() -> None:
    check(with_zip64_end(written(with_everything, io.BytesIO())))


def test_offsets_in_zip64_fields_of_the_directory() -> None:
    """Every entry's offset stands in its extra field, as a file beyond 4 GB would have it."""
    data = written(plain, io.BytesIO())
    end = data.rfind(b"PK\x05\x06")
    fields = list(struct.unpack("<4s4H2LH", data[end : end + 22]))
    directory, at = b"", fields[6]
    for _ in range(fields[4]):
        entry = list(struct.unpack("<4s6H3L5H2L", data[at : at + 46]))
        name = data[at + 46 : at + 46 + entry[10]]
        extra = struct.pack("<2HQ", 1, 8, entry[16])
        at += 46 + entry[10] + entry[11] + entry[12]
        entry[11], entry[16] = len(extra), 0xFFFFFFFF
        directory += struct.pack("<4s6H3L5H2L", *entry) + name + extra
    fields[5] = len(directory)
    check(data[: fields[6]] + directory + struct.pack("<4s4H2LH", *fields))


def test_bytes_between_entries_stay_where_nothing_changes() -> None:
    """Some writers align entries: what they put between two of them is copied with the first."""
    data = written(plain, io.BytesIO())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        second = archive.infolist()[1].header_offset
        start = archive.start_dir
    gap = b"\0" * 7
    moved = bytearray(data[:second] + gap + data[second:])
    at = start + len(gap)
    while moved[at : at + 4] == b"PK\x01\x02":
        lengths = struct.unpack_from("<3H", moved, at + 28)
        (offset,) = struct.unpack_from("<L", moved, at + 42)
        struct.pack_into("<L", moved, at + 42, offset + (len(gap) if offset else 0))
        at += 46 + sum(lengths)
    struct.pack_into("<L", moved, at + 16, start + len(gap))
    done = check(bytes(moved))
    with zipfile.ZipFile(io.BytesIO(done)) as archive:
        second = archive.infolist()[1].header_offset
    assert done[second - 7 : second] == gap


def test_directories_that_disagree_with_the_entries_are_refused() -> None:
    data = written(plain, io.BytesIO())
    end = data.rfind(b"PK\x05\x06")
    start = struct.unpack_from("<L", data, end + 16)[0]
    for offset, value in ((start + 42, b"\xff\0\0\0"), (start + 20, b"\xff\xff\xff\0"),
                          (0, b"PK\x03\x05"), (end + 16, b"\1\0\0\0")):  # fmt: skip
        broken = bytearray(data)
        broken[offset : offset + 4] = value
        with pytest.raises(CaseProblem):
            patch(bytes(broken), [EDIT], "test.xlsx")
    with pytest.raises(CaseProblem):
        patch(b"PK\x03\x04" + data, [EDIT], "test.xlsx")
