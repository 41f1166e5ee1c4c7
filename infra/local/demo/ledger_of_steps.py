"""What the demo has done so far, on disk: a driver that was killed goes on where it stood.

A step that was done but not yet written down is done again under the same Idempotency-Key, which changes nothing.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Steps:
    """The steps of one brand's story by name, each with what it gave."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._done: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}

    def once(self, name: str, do: Callable[[], Any]) -> Any:
        """Do a step unless it is written down; give what it gave then."""
        if name not in self._done:
            self.note(name, do())
        return self._done[name]

    def note(self, name: str, result: Any) -> None:
        """Write a step down, whole or not at all."""
        self._done[name] = result
        unfinished = self._path.with_suffix(".new")
        unfinished.write_text(json.dumps(self._done, ensure_ascii=False, indent=1))
        unfinished.replace(self._path)

    def done(self, name: str) -> bool:
        """Tell whether a step is written down."""
        return name in self._done
