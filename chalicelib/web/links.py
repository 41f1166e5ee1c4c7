"""Addresses of pages. `public_url` may end in a stage's name (`https://host/api`), so no page writes a path itself."""

from urllib.parse import quote, urlencode, urlsplit

from chalicelib.web import static


class Links:
    """Writes addresses for one deployment; a language asked for in the address is carried along."""

    def __init__(self, public_url: str, language: str | None = None) -> None:
        self._public_url = public_url
        self._base = urlsplit(public_url).path.rstrip("/")
        self._language = language

    def path(self, *parts: str, **query: str | None) -> str:
        """Give the path of a page from its parts, e.g. `path("console", store, "orders", after=cursor)`."""
        asked = {name.rstrip("_"): value for name, value in query.items() if value}
        if self._language:
            asked = {"lang": self._language} | asked
        way = self._base + "/" + "/".join(quote(part, safe="") for part in parts)
        return f"{way}?{urlencode(asked)}" if asked else way

    def file(self, name: str) -> str:
        """Give the address of a style sheet, script or icon: one for everybody, so that browsers keep it."""
        return f"{self._base}/static/{static.named(name)}"

    def look(self, accent: str) -> str:
        """Give the address of the style sheet of a colour (`#rrggbb`; `both`: see `looks`), one for everybody.

        It also hangs on our own colours, with which the brand's has to contrast.
        """
        return f"{self._base}/look/{accent.removeprefix('#')}.css?{static.named('app.css')[4:-4]}"

    def photo(self, store: str, name: str) -> str:
        """Give the address of a public photo by its name: one for everybody, so that browsers keep it."""
        return f"{self._base}/media/{quote(store, safe='')}/{name}"

    def full(self, *parts: str) -> str:
        """Give the whole address of a page, to be shared; without a language: the reader has their own."""
        return self._public_url + "/" + "/".join(quote(part, safe="") for part in parts)

    def again(self, path: str) -> str:
        """Give a path that was checked by `guards.own_path`, under this deployment's prefix."""
        return path if path.startswith(self._base + "/") else self._base + path
