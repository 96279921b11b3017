"""Changing two files of a folder for one another in one step, so that nobody's save is overwritten.

A plain replace destroys whatever stands under the name at that moment, be it a version saved a
microsecond ago. An exchange keeps it under the other name, where it can be looked at: Linux
``renameat2(RENAME_EXCHANGE)``, macOS ``renamex_np(RENAME_SWAP)``, Windows ``ReplaceFileW`` (which
keeps the old file under a name that we give). The ways of macOS and Windows were written from
their manuals and not tried on such machines.
"""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import sys
from functools import cache
from pathlib import Path
from typing import Any

_AT_FDCWD = -100
_EXCHANGE = 2
"""The same number on Linux (RENAME_EXCHANGE) and macOS (RENAME_SWAP)."""
_NOT_HERE = {
    getattr(errno, name, -1) for name in ("ENOSYS", "EINVAL", "ENOTSUP", "EOPNOTSUPP", "EXDEV")
}
_NOT_ON_THIS_WINDOWS_DISK = (1, 50, 120)
"""Invalid function, not supported, not implemented."""
_LOCAL_DISKS = (0xEF53, 0x58465342, 0x9123683E, 0x01021994, 0xF2F52010, 0x2FC12FC1)
"""ext2 to ext4, XFS, Btrfs, tmpfs, F2FS, ZFS."""
_MOVED_ASIDE_ONLY = 1177
"""ReplaceFileW: the old file has its new name, the new one could not be given the old name."""


class NoExchange(OSError):
    """This system or disk cannot exchange two files; both are as they were."""


def exchange(new: Path, standing: Path) -> None:
    """Let two files change names: ``standing`` then holds what ``new`` held, and the reverse.

    Raises:
        NoExchange: the system or the disk (some network drives) has no such step.
        FileNotFoundError: one of the two is gone; the other is as it was.
        OSError: for another reason; both are as they were.
    """
    if sys.platform == "win32":
        _exchange_on_windows(new, standing)
        return
    call = _system_call()
    if call is None:
        raise NoExchange(errno.ENOSYS, "files cannot be exchanged here")
    if call(os.fsencode(new), os.fsencode(standing)) == 0:
        return
    number = ctypes.get_errno()
    if number in _NOT_HERE:
        raise NoExchange(number, os.strerror(number))
    raise OSError(number, os.strerror(number), str(new), None, str(standing))


def being_written(path: Path) -> bool:
    """Say whether some program has the file open for writing, where the system can tell.

    That is Linux, on a disk of its own: a read lease is given only on a file that nobody has open
    for writing. It is let go at once. Network drives refuse leases for reasons of their own.
    """
    if sys.platform != "linux" or not _knows_leases(path):
        return False
    import fcntl

    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        # Somebody who opens the file in this very moment makes the kernel send us a signal; the
        # usual one would end the program, this one is ignored by whoever has not asked for it.
        fcntl.fcntl(handle, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return True
    except OSError:
        # Not our file, or a disk without leases: not known.
        return False
    finally:
        os.close(handle)
    return False


def _knows_leases(path: Path) -> bool:
    library = _library()
    # The kind of disk is the first word of what statfs returns, whatever the processor.
    status = (ctypes.c_long * 64)()
    if library.statfs(os.fsencode(path), ctypes.byref(status)) != 0:
        return False
    return int(status[0]) & 0xFFFFFFFF in _LOCAL_DISKS


@cache
def _library() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


@cache
def _system_call() -> Any | None:
    library = _library()
    try:
        if sys.platform == "darwin":
            swap = library.renamex_np
            swap.argtypes = (ctypes.c_char_p, ctypes.c_char_p, ctypes.c_uint)
            return lambda new, standing: swap(new, standing, _EXCHANGE)
        rename = library.renameat2
    except AttributeError:
        return None
    rename.argtypes = (
        ctypes.c_int,
        ctypes.c_char_p,
        ctypes.c_int,
        ctypes.c_char_p,
        ctypes.c_uint,
    )
    return lambda new, standing: rename(_AT_FDCWD, new, _AT_FDCWD, standing, _EXCHANGE)


def _exchange_on_windows(new: Path, standing: Path) -> None:
    if sys.platform != "win32":
        raise NoExchange(errno.ENOSYS, "not Windows")
    aside = new.with_name(f"{new.stem}-aside.tmp")
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    text = ctypes.c_wchar_p
    kernel.ReplaceFileW.argtypes = (
        text, text, text, ctypes.c_uint32, ctypes.c_void_p, ctypes.c_void_p
    )  # fmt: skip
    if not kernel.ReplaceFileW(str(standing), str(new), str(aside), 0, None, None):
        number = ctypes.get_last_error()
        if number == _MOVED_ASIDE_ONLY:
            aside.rename(standing)
        if number in _NOT_ON_THIS_WINDOWS_DISK:
            raise NoExchange(errno.ENOSYS, "files cannot be exchanged on this disk")
        raise ctypes.WinError(number)
    aside.rename(new)
