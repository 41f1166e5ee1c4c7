"""Style sheet, script and icon: named by what is in them, so that browsers may keep them for ever."""

from functools import cache
from hashlib import sha256
from importlib.resources import files

from chalicelib.errors import NotFound

_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
_NAMES = (
    "again.js",
    "app.css",
    "app.js",
    "charts.css",
    "charts.js",
    "icon.svg",
    "look.js",
    "network.css",
    "plan.css",
    "poster.js",
    "print.css",
    "several.js",
    "site.css",
    "team.js",
    "tree.js",
)


class FileUnknown(NotFound):
    """There is no such file."""

    code = "file_unknown"


@cache
def named(name: str) -> str:
    """Give the fingerprinted name of a file: `app.css` is `app.3f2a91c0.css`."""
    stem, _, ending = name.rpartition(".")
    return f"{stem}.{sha256(text(name).encode()).hexdigest()[:8]}.{ending}"


def read(fingerprinted: str) -> tuple[str, str]:
    """Give a file's text and content type by its fingerprinted name. Raises `FileUnknown`."""
    for name in _NAMES:
        if named(name) == fingerprinted:
            return text(name), _TYPES[name.rpartition(".")[2]]
    raise FileUnknown("There is no such file.")


@cache
def text(name: str) -> str:
    """Give a file's text by its own name."""
    return files(__package__).joinpath("static", name).read_text("utf-8")
