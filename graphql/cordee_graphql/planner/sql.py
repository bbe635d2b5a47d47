"""SQL that writes JSON text, in the forms that ordinary execution gives."""

from collections.abc import Iterable

from graphql import (
    GraphQLEnumType,
    GraphQLOutputType,
    get_named_type,
    is_list_type,
    is_non_null_type,
)

MARK = "\x01"
"""Stands in the text where a value can't be written here; the ordinary road is taken then.

JSON escapes control characters, so it never stands in a finished text.
"""
_MARK = "chr(1)"
_MOST_ARGUMENTS = 90
"""PostgreSQL takes at most 100 arguments for one function."""


class Unplannable(Exception):
    """This can't be planned; the text says what."""


class Literal(str):
    """Text that stands in the answer as it is."""

    __slots__ = ()


Piece = str
"""A `Literal`, or an SQL expression of type text that is never null."""


def quoted(text: str) -> str:
    """Return `text` as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def joined(pieces: Iterable[Piece]) -> str:
    """Return the SQL expression that writes all `pieces` one after the other."""
    arguments: list[str] = []
    text = ""
    for piece in pieces:
        if isinstance(piece, Literal):
            text += piece
            continue
        if text:
            arguments.append(quoted(text))
        arguments.append(piece)
        text = ""
    if text:
        arguments.append(quoted(text))
    while len(arguments) > _MOST_ARGUMENTS:
        arguments = [
            f"concat({', '.join(arguments[at : at + _MOST_ARGUMENTS])})"
            for at in range(0, len(arguments), _MOST_ARGUMENTS)
        ]
    return f"concat({', '.join(arguments)})"


def or_null(expression: str, kind: GraphQLOutputType) -> str:
    """Return `expression`, null written as the type `kind` allows."""
    return f"coalesce({expression}, {_MARK if is_non_null_type(kind) else quoted('null')})"


def leaf(expression: str, kind: GraphQLOutputType) -> str:
    """Return the SQL that writes the value `expression` of the scalar or enum type `kind`.

    Raises:
        Unplannable: values of that type are not written in SQL.
    """
    inner = kind.of_type if is_non_null_type(kind) else kind
    named = get_named_type(kind)
    if isinstance(named, GraphQLEnumType):
        return or_null(_word(expression, named), kind)
    if is_list_type(inner):
        if named.name not in ("String", "ID"):
            raise Unplannable(f"a list of {named.name}")
        return or_null(f"to_json({expression})::text", kind)
    if named.name == "JSON":
        return or_null(exact(f"({expression})::text"), kind)
    if named.name not in _FORMS:
        raise Unplannable(f"the scalar {named.name}")
    return or_null(_FORMS[named.name].format(expression), kind)


def stored(value: str, kind: GraphQLOutputType) -> str:
    """Return the SQL for a part of a stored JSON value, as a column of the type `kind` is read.

    Raises:
        Unplannable: what is stored does not tell it.
    """
    inner = kind.of_type if is_non_null_type(kind) else kind
    named = get_named_type(kind)
    if is_list_type(inner) or named.name == "JSON":
        return value
    text = f"({value} #>> '{{}}')"
    if named.name in _READ:
        return f"{text}::{_READ[named.name]}"
    if named.name in ("String", "ID", "Date") or isinstance(named, GraphQLEnumType):
        return text
    raise Unplannable(f"{named.name} in a JSON value")


def _word(expression: str, kind: GraphQLEnumType) -> str:
    """Return the SQL for the name of an enum's value, or of each in a list."""
    words = {name: getattr(one.value, "value", one.value) for name, one in kind.values.items()}
    for name, word in words.items():
        if not isinstance(word, str) or name != word.upper().replace("-", "_"):
            raise Unplannable(f"the enum {kind.name}")
    text = f"to_json({expression})::text"
    if any("-" in word for word in words.values()):
        text = f"replace({text}, '-', '_')"
    return f'upper({text} COLLATE "C")'  # the words are ASCII: no need for a language's rules


_LINE, _UUID = 57, 36
"""Bytes after which PostgreSQL's base64 breaks a line; length of a UUID as text."""

_ODD = r"(^|[ \[])-?([0-9]+\.[0-9]|[0-9]{16})"
"""A number with a fraction or of many digits, as PostgreSQL writes it in a jsonb value: without
exponents, at the start or after a space or bracket. A text may hold the same."""

_LONG = r"[0-9]{16}|[0-9.]{17}"
"""What a number holds that only Python writes: up to 15 digits survive the way through a binary
number, which is ordinary execution's."""

_TOKENS = r'("(?:[^"\\]|\\.)*")|(-?[0-9]+\.(?:[0-9]*[1-9]|0))0*'
"""A text of a JSON value, or a number with a fraction; zeros at its end do not count."""

_READ = {"Int": "bigint", "Boolean": "boolean", "DateTime": "timestamptz"}
"""What a text in a JSON value is read as, by the name of the scalar."""

_FORMS = {
    "String": "to_json({0})::text",
    "ID": "to_json({0})::text",
    "Date": "to_json({0})::text",
    "Boolean": "({0})::text",
    # Ordinary execution refuses what is no 32-bit number.
    "Int": f"CASE WHEN ({{0}}) NOT BETWEEN -2147483648 AND 2147483647 THEN {_MARK}"
    " ELSE ({0})::text END",
    "Decimal": "to_json(({0})::text)::text",
    # Python writes no fraction where it is zero, and all six digits where it is not.
    "DateTime": "'\"' || replace(to_char(({0}) AT TIME ZONE 'UTC',"
    " 'YYYY-MM-DD\"T\"HH24:MI:SS.US'), '.000000', '') || '+00:00\"'",
}


def exact(text: str) -> str:
    """Return the SQL for a JSON text whose numbers with a fraction are made texts of it.

    Control characters stand around what was found meanwhile: JSON escapes them.
    """
    marked = r"chr(2) || '\1' || chr(3) || '\2' || chr(4)"
    found = f"regexp_replace({text}, '{_TOKENS}', {marked}, 'g')"
    texts = f"replace(replace({found}, chr(3) || chr(4), ''), chr(2), '')"
    return (
        f"CASE WHEN {text} !~ '{_ODD}' THEN {text}"
        f" WHEN {text} ~ '{_LONG}' THEN {_MARK}"
        f" ELSE replace(replace({texts}, chr(3), '\"'), chr(4), '\"') END"
    )


def global_id(type_name: str, column: str) -> str:
    """Return the SQL for the global id of the row whose id is `column`, quotes included."""
    encoded = f"encode(convert_to({quoted(type_name + ':')} || {column}, 'UTF8'), 'base64')"
    if len(type_name) + len(":") + _UUID >= _LINE:
        encoded = f"replace({encoded}, E'\\n', '')"
    return f"'\"' || {encoded} || '\"'"


def global_id_of(kind: str, uuid: str) -> str:
    """Return the SQL for a global id, quotes included, whose type is an expression too."""
    text = f"convert_to({kind} || ':' || {uuid}, 'UTF8')"
    return f"'\"' || replace(encode({text}, 'base64'), E'\\n', '') || '\"'"


def id_in(text: str) -> str:
    """Return the SQL for the id that a text is; null where it is none."""
    return f"CASE WHEN {text} ~ '^[0-9a-f-]{{36}}$' THEN {text}::uuid END"


def cursor(order: str, column: str, kind: type) -> str:
    """Return the SQL for the cursor that `cordee_graphql.cursors.write_cursor` gives.

    Keys are UUIDs and numbers and orders are plain words: base64 writes them without ``+`` and
    ``/``, and the URL-safe alphabet is the same.
    """
    quote = "" if kind is int else '"'
    start, end = quoted(f'["{order}",{quote}'), quoted(f"{quote}]")
    encoded = f"encode(convert_to({start} || {column} || {end}, 'UTF8'), 'base64')"
    if len(order) + len('["",""]') + _UUID >= _LINE:
        encoded = f"replace({encoded}, E'\\n', '')"
    return f"rtrim({encoded}, '=')"


def localised(expression: str, language: str, kind: GraphQLOutputType) -> str:
    """Return the SQL for the text of a jsonb value in a language, in English without it."""
    text = f"coalesce(nullif({expression} ->> {language}, ''), {expression} ->> 'en')"
    return or_null(f"to_json({text})::text", kind)


def together(persons: list[str]) -> str:
    """Return the SQL for the persons of several expressions, as texts separated by commas."""
    if not persons:
        return "NULL::text"
    return f"nullif(concat_ws(',', {', '.join(persons)}), '')"
