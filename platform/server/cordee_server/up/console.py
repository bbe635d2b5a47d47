"""Progress of the start, step by step: moving on a terminal, plain lines elsewhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console


class Step:
    """A step under way; `say` shows what it is doing, `result` stands in its last line."""

    def __init__(self, console: Console, title: str) -> None:
        self._console = console
        self._title = title
        self._status = console.status(title) if console.is_terminal else None
        self.result = ""

    def say(self, text: str) -> None:
        """Show what the step is doing now."""
        if self._status is not None:
            self._status.update(f"{self._title}: {text}")
        else:
            self._console.print(f"    {text}", highlight=False, markup=False)

    def open(self) -> None:
        """Show that the step has begun."""
        if self._status is not None:
            self._status.start()

    def close(self, mark: str, seconds: float) -> None:
        """Replace the moving line by the step's last one."""
        if self._status is not None:
            self._status.stop()
        line = f"{mark} {self._title:<28} {self.result}".rstrip()
        self._console.print(f"{line}  [dim]{seconds:.1f} s[/dim]", highlight=False, soft_wrap=True)


@contextmanager
def step(console: Console, title: str) -> Iterator[Step]:
    """Show one step while the body runs, and whether it ended well."""
    shown, began = Step(console, title), time.monotonic()
    shown.open()
    try:
        yield shown
    except BaseException:
        shown.close("[red]✗[/red]", time.monotonic() - began)
        raise
    shown.close("[green]✓[/green]", time.monotonic() - began)
