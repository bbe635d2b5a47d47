"""The page for browsers at `/graphql`: GraphiQL from our own assets, or a plain text."""

from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable

from litestar.exceptions import NotFoundException
from litestar.response import Response

FOLDER = "/graphql/assets"
"""Where the assets are served."""

_TYPES: Mapping[str, str] = {
    "graphiql.min.js": "text/javascript",
    "graphiql.min.css": "text/css",
    "react.production.min.js": "text/javascript",
    "react-dom.production.min.js": "text/javascript",
    "start.js": "text/javascript",
    "start.css": "text/css",
}
ASSETS: tuple[str, ...] = tuple(name for name in _TYPES if not name.startswith("start."))
"""The files that ``platform/server/graphiql/build.py`` copies."""

# No host but our own. Styles may be inline: CodeMirror, inside GraphiQL, sets them on its lines.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)


class Pages:
    """Page and assets; `enabled` is whether browsers get GraphiQL at all."""

    def __init__(self, *, enabled: bool = True, root: Traversable | None = None) -> None:
        package = root or files("cordee_server")
        self._own = package / "pages"
        self._built = package / "static" / "graphiql"
        self._whole = enabled and all((self._built / name).is_file() for name in ASSETS)

    def page(self) -> Response[bytes]:
        """Return GraphiQL, or the plain page where its assets are not installed."""
        name = "graphiql.html" if self._whole else "plain.html"
        return Response(
            (self._own / name).read_bytes(),
            media_type="text/html; charset=utf-8",
            headers={"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"},
        )

    def asset(self, name: str) -> Response[bytes]:
        """Return one of the page's files.

        Raises:
            NotFoundException: there is no such file.
        """
        folder = self._own if name.startswith("start.") else self._built
        if not self._whole or name not in _TYPES:
            raise NotFoundException
        return Response(
            (folder / name).read_bytes(),
            media_type=f"{_TYPES[name]}; charset=utf-8",
            headers={"Cache-Control": "public, max-age=3600"},
        )
