# ruff: noqa: S608 -- the SQL is made of declarations; what a request gives is a parameter
"""How values that are more than a column are written in SQL: what `expression` fields take."""

from collections.abc import Callable, Collection, Mapping, Sequence

from cordee_core.access.permissions import Permission
from cordee_core.access.scope import Scope
from cordee_core.languages import Language
from cordee_graphql.planner.compile import Chosen
from cordee_graphql.planner.row import Row
from cordee_graphql.planner.sql import exact, global_id, quoted

Write = Callable[[Row, Chosen], str]
"""How the value of a field is written: the row that it belongs to, and how it was selected."""

Texts = Callable[[Scope, Language], Mapping[str, str]]
"""Texts by code in a language: what plugins or the catalogues say."""

GroupedTexts = Callable[[Scope, Language], Mapping[str, Mapping[str, str]]]
"""Texts by a code and by a further one: those of each instrument's scores."""

Sentences = Callable[[Scope, Language], Mapping[str, Sequence[str]]]
"""Sentences by code, in pieces: a text, the name of a parameter, a text and so on."""

_PICKED = "coalesce(nullif({0} ->> {1}, ''), {0} ->> 'en')"


def inside(name: str, *path: str, empty: str | None = None) -> Write:
    """Write a value in a jsonb column: `empty`, as JSON, where it is absent."""

    def write(row: Row, chosen: Chosen) -> str:
        value = " -> ".join([row.column(name), *map(quoted, path)])
        if empty is not None:
            return f"coalesce({value}, {quoted(empty)}::jsonb)"
        return f"nullif({value}, 'null')"

    return write


def without(name: str, names: Collection[str]) -> Write:
    """Write a jsonb column without what stands under `names`."""
    taken = f"ARRAY[{', '.join(map(quoted, sorted(names)))}]"
    return lambda row, chosen: f"({row.column(name)} - {taken})"


def text_inside(name: str, *path: str) -> Write:
    """Write a text in a jsonb column, or the text that the whole of it is."""

    def write(row: Row, chosen: Chosen) -> str:
        value = " -> ".join([row.column(name), *map(quoted, path)])
        return f"(({value}) #>> '{{}}')"

    return write


def number_inside(name: str, *path: str) -> Write:
    """Write a whole number in a jsonb column."""
    write = text_inside(name, *path)
    return lambda row, chosen: f"{write(row, chosen)}::bigint"


def by_code(name: str, texts: Texts) -> Write:
    """Write the text whose code is in a column; the code itself where there is none."""

    def write(row: Row, chosen: Chosen) -> str:
        code = row.column(name)
        return f"coalesce({chosen.texts(row, texts)} ->> {code}, {code})"

    return write


def itself(row: Row, chosen: Chosen) -> str:
    """Write the text that an element of a JSON list is."""
    return f"({row.alias}.v #>> '{{}}')"


def place_in(place: int) -> Write:
    """Write a text by its place in the JSON list that an element is."""
    return lambda row, chosen: f"({row.alias}.v ->> {place})"


def within_owner(name: str, code: Write, texts: GroupedTexts) -> Write:
    """Write the text of an element's `code` among those of the code in its owner's column.

    The code itself where there is none.
    """

    def write(row: Row, chosen: Chosen) -> str:
        assert row.owner is not None
        own = code(row, chosen)
        return f"coalesce({chosen.texts(row, texts)} -> {row.owner.column(name)} ->> {own}, {own})"

    return write


def shown_value(name: str) -> Write:
    """Write a stored value as a text, numbers exact, finished; a list is left to Python."""

    def write(row: Row, chosen: Chosen) -> str:
        value = row.column(name)
        number = f"'\"' || btrim({exact(f'({value})::text')}, '\"') || '\"'"
        return (
            f"CASE jsonb_typeof({value}) WHEN 'number' THEN {number}"
            f" WHEN 'string' THEN ({value})::text"
            f" WHEN 'boolean' THEN to_json(({value})::text)::text"
            f" ELSE CASE WHEN {value} IS NOT NULL THEN chr(1) END END"
        )

    return write


def global_ids(type_name: str, name: str) -> Write:
    """Write the global ids of the ids in an array column, finished."""

    def write(row: Row, chosen: Chosen) -> str:
        gid = global_id(type_name, "u.id")
        return (
            f"(SELECT '[' || coalesce(string_agg({gid}, ',' ORDER BY u.n), '') || ']'"
            f" FROM unnest({row.column(name)}) WITH ORDINALITY u (id, n))"
        )

    return write


def fixed(code: str, texts: Texts) -> Write:
    """Write the text `code`, the same for every row."""
    return lambda row, chosen: f"({chosen.texts(row, texts)} ->> {quoted(code)})"


def owner_plugin(row: Row, chosen: Chosen) -> str:
    """Write the plugin to which the row's table belongs."""
    return f"{quoted(row.source.plugin)}::text"


def own_or(name: str, permission: Permission) -> Write:
    """Write a column of the member that asks, and with `permission` of every member."""

    def write(row: Row, chosen: Chosen) -> str:
        column = row.column(name)
        if permission in row.scope.permissions:
            return column
        return f"CASE WHEN {row.column('id')} = {row.member} THEN {column} END"

    return write


def sentence(label: str, code: str, params: str, sentences: Sentences) -> Write:
    """Write a row's own text by language, else its code's sentence with its parameters.

    Null where only Python can tell how a parameter reads.
    """

    def write(row: Row, chosen: Chosen) -> str:
        language, parts = chosen.language(row), chosen.texts(row, sentences)
        text, kind = row.column(label), row.column(code)
        piece = f"coalesce({_parameter(f'({row.column(params)} -> p.piece)', language)}, chr(1))"
        told = (
            f"SELECT string_agg(CASE WHEN p.n % 2 = 1 THEN p.piece ELSE {piece} END, '' ORDER BY"
            f" p.n) AS told FROM jsonb_array_elements_text({parts} -> {kind})"
            " WITH ORDINALITY p (piece, n)"
        )
        return (
            f"CASE WHEN jsonb_typeof({text}) = 'object' THEN {_PICKED.format(text, language)}"
            f" WHEN NOT {parts} ? {kind} THEN {kind} ELSE"
            f" (SELECT CASE WHEN strpos(s.told, chr(1)) = 0 THEN s.told END FROM ({told}) s) END"
        )

    return write


def _parameter(value: str, language: str) -> str:
    """Return the SQL for a parameter as `say` shows it, null where it can't be said here."""
    return (
        f"CASE WHEN {value} IS NULL THEN '…'"
        f" WHEN jsonb_typeof({value}) = 'object' THEN {_PICKED.format(value, language)}"
        f" WHEN jsonb_typeof({value}) = 'string' THEN {value} #>> '{{}}'"
        f" WHEN {value}::text ~ '^-?[0-9]{{1,15}}$' THEN {value}::text END"
    )
