"""A process and all it started, on Windows: one job that dies with the last handle to it."""

import contextlib
import ctypes
import sys
from ctypes import wintypes
from typing import Any

import psutil

assert sys.platform == "win32"  # tells the type checker which half of ctypes exists

GUARD: tuple[str, ...] = ()
"""None is needed: the system closes our handles when we die, and so ends the jobs."""

_CREATE_SUSPENDED = 0x0000_0004
_CREATE_NEW_PROCESS_GROUP = 0x0000_0200
_CREATE_NO_WINDOW = 0x0800_0000
_EXTENDED_LIMIT_INFORMATION = 9
_KILL_ON_JOB_CLOSE = 0x0000_2000


class _BasicLimits(ctypes.Structure):
    _fields_ = (
        ("PerProcessUserTimeLimit", wintypes.LARGE_INTEGER),
        ("PerJobUserTimeLimit", wintypes.LARGE_INTEGER),
        ("LimitFlags", wintypes.DWORD),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", wintypes.DWORD),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", wintypes.DWORD),
        ("SchedulingClass", wintypes.DWORD),
    )


class _IoCounters(ctypes.Structure):
    _fields_ = tuple((name, ctypes.c_ulonglong) for name in "abcdef")


class _ExtendedLimits(ctypes.Structure):
    _fields_ = (
        ("BasicLimitInformation", _BasicLimits),
        ("IoInfo", _IoCounters),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    )


_kernel = ctypes.WinDLL("kernel32", use_last_error=True)
_kernel.CreateJobObjectW.argtypes = (wintypes.LPVOID, wintypes.LPCWSTR)
_kernel.CreateJobObjectW.restype = wintypes.HANDLE
_kernel.SetInformationJobObject.argtypes = (
    wintypes.HANDLE,
    ctypes.c_int,
    wintypes.LPVOID,
    wintypes.DWORD,
)
_kernel.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
_kernel.TerminateJobObject.argtypes = (wintypes.HANDLE, wintypes.UINT)
_kernel.CloseHandle.argtypes = (wintypes.HANDLE,)


def spawn_options() -> dict[str, Any]:
    """Started asleep, so that it is in its job before it can start anything itself."""
    return {"creationflags": _CREATE_SUSPENDED | _CREATE_NEW_PROCESS_GROUP | _CREATE_NO_WINDOW}


class Tree:
    """The job of a child. Raises ``OSError`` if the process cannot be put into one."""

    def __init__(self, pid: int, popen: Any) -> None:
        self._pid = pid
        self._job: int | None = _new_job()
        if not _kernel.AssignProcessToJobObject(self._job, int(popen._handle)):  # noqa: SLF001
            error = ctypes.WinError(ctypes.get_last_error())
            popen.kill()
            self.release()
            raise error
        psutil.Process(pid).resume()

    def remember(self) -> None:
        """The job remembers."""

    def terminate(self) -> None:
        """There is no polite signal for a program without a window: closing stdin was it."""

    def kill(self) -> None:
        if self._job is not None:
            _kernel.TerminateJobObject(self._job, 1)

    def release(self) -> None:
        if self._job is not None:
            with contextlib.suppress(OSError):
                _kernel.CloseHandle(self._job)
            self._job = None


def _new_job() -> int:
    job = _kernel.CreateJobObjectW(None, None)
    if not job:
        raise ctypes.WinError(ctypes.get_last_error())
    limits = _ExtendedLimits()
    limits.BasicLimitInformation.LimitFlags = _KILL_ON_JOB_CLOSE
    size = ctypes.sizeof(limits)
    if not _kernel.SetInformationJobObject(
        job, _EXTENDED_LIMIT_INFORMATION, ctypes.byref(limits), size
    ):
        error = ctypes.WinError(ctypes.get_last_error())
        _kernel.CloseHandle(job)
        raise error
    return int(job)
