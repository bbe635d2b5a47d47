"""What process trees cost: CPU time and resident memory, read from /proc."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def tree(root: int) -> list[int]:
    """Return `root` and all processes below it."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        if fields := _stat(int(folder.name)):
            children.setdefault(int(fields[1]), []).append(int(folder.name))
    found, left = [], [root]
    while left:
        one = left.pop()
        found.append(one)
        left += children.get(one, [])
    return found


def cpu_seconds(root: int) -> float:
    """Return the CPU time of a tree, that of ended children included (proc(5): utime to cstime)."""
    stats = (_stat(pid) for pid in tree(root))
    return sum(sum(map(int, fields[11:15])) for fields in stats if fields) / _TICKS


def resident_mib(root: int) -> float:
    """Return the resident memory of one process in MiB."""
    for line in Path(f"/proc/{root}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def machine() -> dict[str, str]:
    """Return what this machine is."""
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    models = {line.partition(":")[2].strip() for line in info if line.startswith("model name")}
    memory = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()[0].split()[1]
    return {
        "cpu": f"{os.cpu_count()} × {', '.join(sorted(models))}",
        "memory": f"{int(memory) / 1024**2:.0f} GiB",
        "kernel": os.uname().release,
    }


def load() -> float:
    """Return the load average of the last minute."""
    return os.getloadavg()[0]


def _stat(pid: int) -> list[str]:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return []
    return text.rpartition(")")[2].split()
