"""Writes the documentation as static pages into ``dist/docs``: guides, error codes, schema.

    ./dev docs

Everything is served from the folder itself: no script, font or picture of another host.
"""

import json
import re
import shutil
import sys
from pathlib import Path

import graphql
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from reference import Reference, used_by  # noqa: E402
from tables import write as write_tables  # noqa: E402

DOCS = HERE.parent
ROOT = DOCS.parent
SCHEMA = ROOT / "graphql/cordee_graphql/schema.graphql"
OUTSIDE = {ROOT / "README.md": "story.html", ROOT / "CHANGELOG.md": "changelog.html"}
PARTS = ("platform/*/README.md", "graphql/README.md", "plugins/*/README.md", "helm/*/README.md")
MENU = (
    ("index.html", "Start"), ("story.html", "The story"), ("guides/front-end.html", "Front ends"),
    ("guides/plugin-author.html", "Plugin authors"), ("guides/operator.html", "Operators"),
    ("guides/tenant.html", "Organisations"), ("guides/programmes.html", "Programmes"),
    ("guides/cases.html", "The life of a case"), ("guides/staff.html", "Referents, teams"),
    ("guides/persons.html", "Persons"), ("guides/circle.html", "Circle and voice"),
    ("guides/plans.html", "Needs, plans, safety"), ("glossary.html", "Words"),
    ("errors/index.html", "Error codes"), ("client-typescript/index.html", "TypeScript client"),
    ("adr/index.html", "Decisions"), ("changelog.html", "Changes"),
)  # fmt: skip
_EXAMPLE = re.compile(r"<!-- example (\w+) -->")
_FORMAT = HtmlFormatter(nowrap=True)


def sources() -> dict[Path, str]:
    """Return each Markdown file with the address of its page."""
    found = dict(OUTSIDE)
    for file in (one for pattern in PARTS for one in ROOT.glob(pattern)):
        found[file] = f"parts/{'-'.join(file.parent.relative_to(ROOT).parts)}.html"
    for file in sorted(DOCS.rglob("*.md")):
        place = file.relative_to(DOCS)
        if "node_modules" not in place.parts:
            name = place.with_name("index.html") if file.name == "README.md" else place
            found[file] = name.with_suffix(".html").as_posix()
    return found


def shown_on() -> dict[str, str]:
    """Return the address at which each example is shown, by its name."""
    return {
        name: f"guides/{file.stem}.html#{name}"
        for file in (DOCS / "guides").glob("*.md")
        for name in _EXAMPLE.findall(file.read_text(encoding="utf-8"))
    }


def slug(text: str) -> str:
    """Return the anchor of a heading, as GitHub makes it."""
    return re.sub(r"[^\w -]", "", text.lower()).replace(" ", "-")


def colour(code: str, language: str, _attributes: str) -> str:
    """Return `code` as coloured HTML; nothing where the language is not known."""
    try:
        return highlight(code, get_lexer_by_name(language), _FORMAT)
    except ClassNotFound:
        return ""


class Pages:
    """Turns Markdown files into pages whose links lead to pages."""

    def __init__(self) -> None:
        self.addresses = sources()
        self._markdown = MarkdownIt("commonmark", {"highlight": colour}).enable("table")

    def content(self, file: Path) -> tuple[str, str]:
        """Return title and HTML of the page of `file`."""
        text = _EXAMPLE.sub(r'<a id="\1"></a>', file.read_text(encoding="utf-8"))
        tokens = self._markdown.parse(text)
        title = file.stem
        for before, token in zip([None, *tokens], tokens, strict=False):
            if before is not None and before.type == "heading_open":
                before.attrSet("id", slug(token.content))
                title = token.content if before.tag == "h1" else title
            for child in token.children or ():
                self._relink(child, file)
        return title.replace("`", ""), self._markdown.renderer.render(
            tokens, self._markdown.options, {}
        )

    def _relink(self, token: Token, file: Path) -> None:
        target = str(token.attrGet("href") or "")
        if token.type != "link_open" or not target or re.match(r"\w+:|#", target):
            return
        path, _, anchor = target.partition("#")
        there = (file.parent / path).resolve()
        there = there / "README.md" if there.is_dir() else there
        address = "schema.graphql" if there == SCHEMA else self.addresses.get(there)
        up = "../" * self.addresses[file].count("/")
        if address is None:  # a file of the repository that has no page
            token.attrs = {"title": there.relative_to(ROOT).as_posix()}
        else:
            token.attrSet("href", f"{up}{address}{'#' if anchor else ''}{anchor}")


def page(address: str, title: str, content: str, reference: list[tuple[str, str]]) -> str:
    """Return a whole page."""
    up = "../" * address.count("/")

    def link(target: str, text: str) -> str:
        here = ' aria-current="page"' if target == address else ""
        return f'<li><a href="{up}{target}"{here}>{text}</a></li>'

    menu = "".join(link(*one) for one in MENU)
    kinds = "".join(link(*one) for one in reference)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{title} · Cordée</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="stylesheet" href="{up}site.css"></head><body data-up="{up}">'
        f'<nav aria-label="Pages"><p class="name">Cordée</p><ul>{menu}</ul><p>Schema</p>'
        '<label>Find a type or field <input type="search" id="find" autocomplete="off"></label>'
        f'<ul id="found"></ul><ul>{kinds}</ul></nav><main>{content}</main>'
        f'<script src="{up}names.js"></script><script src="{up}site.js"></script></body></html>\n'
    )


def build(target: Path) -> int:
    """Write the site into `target` and return the number of its pages."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    pages = Pages()
    schema = graphql.build_schema(SCHEMA.read_text(encoding="utf-8"))
    reference = Reference(schema, used_by((DOCS / "examples").glob("*.graphql"), shown_on()))
    kinds = reference.pages()
    menu = [(f"schema/{name}.html", title) for name, (title, _) in kinds.items()]
    found = {f"schema/{name}.html": one for name, one in kinds.items()}
    found |= {address: pages.content(file) for file, address in pages.addresses.items()}
    for address, (title, content) in found.items():
        file = target / address
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(page(address, title, content, menu), encoding="utf-8")
    shutil.copyfile(SCHEMA, target / "schema.graphql")
    shutil.copyfile(HERE / "site.js", target / "site.js")
    style = (HERE / "site.css").read_text(encoding="utf-8")
    colours = HtmlFormatter(style="default").get_style_defs("pre")
    (target / "site.css").write_text(f"{style}\n{colours}\n", encoding="utf-8")
    names = [[one.name, f"schema/{one.address}"] for one in reference.entries]
    (target / "names.js").write_text(f"const NAMES = {json.dumps(names)};\n", encoding="utf-8")
    return len(found)


if __name__ == "__main__":
    write_tables()
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "dist" / "docs"
    sys.stderr.write(f"{build(folder)} pages in {folder}\n")
