"""The form of a document is found as the parser would find it, without its time."""

import pytest
from graphql import GraphQLSyntaxError, Lexer, Source, TokenKind, parse
from hypothesis import given
from hypothesis import strategies as st

from cordee_graphql.structure import excess_of, has_more_tokens, unlink

PIECES = [
    "a", "_b1", "...", "{", "}", "(", ")", "$", "@", ":", "=", "!", "|", "&", "[", "]", "1", "-2",
    "1.5e+3", '"text"', '"a \\" b"', '""', '"""block "quoted" \\""" end"""', '""""""', '"é\\n"',
    "# a comment { } \"\n", " ", ",", "\n", "\ufeff",
]  # fmt: skip


def tokens_of(text: str) -> int | None:
    """Return how many tokens graphql-core counts; None where it can't read the text."""
    lexer, number = Lexer(Source(text)), 0
    try:
        while True:
            token = lexer.token = lexer.token.next or lexer.read_next_token(lexer.token.end)
            if token.kind is TokenKind.EOF:
                return number
            number += 1
    except GraphQLSyntaxError:
        return None


@given(st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join))
def test_tokens_are_counted_as_the_parser_counts_them(text: str) -> None:
    number = tokens_of(text)
    if number is None:
        return
    assert not has_more_tokens(text, number)
    assert number == 0 or has_more_tokens(text, number - 1)


@given(st.text(alphabet='"\\\n#a{ ', max_size=60))
def test_any_text_is_counted_or_left_to_the_parser(text: str) -> None:
    number = tokens_of(text)
    if number is not None:
        assert not has_more_tokens(text, number)


@pytest.mark.parametrize("piece", ['"""\\', '\\"""', '"\n', '"\\', '"""', "#", "...", "\\"])
@pytest.mark.timeout(60)
def test_counting_takes_a_time_in_proportion(piece: str) -> None:
    """Were it the square of the length, a text of two megabytes would take hours."""
    text = piece * (2_000_000 // len(piece))
    assert not has_more_tokens('"""' + text, 10**9)
    assert not has_more_tokens(text, 10**9)


def test_an_unlinked_document_is_still_whole() -> None:
    document = parse("{ a { b } }")
    unlink(document)
    token = document.loc.start_token  # type: ignore[union-attr]
    seen = []
    while token is not None:
        assert token.prev is None
        seen.append(token.kind)
        token = token.next
    assert len(seen) == 8


@pytest.mark.parametrize(
    ("document", "limit"),
    [
        ("{ a { " + "b { c c } " * 5 + "} }", "repeated"),
        ("{ a ... { a ... { a " + "... { a } " * 7 + "} } }", "repeated"),
        ("{ " + "... { a } " * 8 + "}", None),
        ("{ " + "... { __typename } " * 31 + "}", "fragments"),
        ("{ x: a y: a z: a { b b b b b b b b } }", None),
        ("{ a(x: [" + "1 " * 990 + "])}", None),
        ("{ a(x: [" + "1 " * 1_001 + "])}", "values"),
        ("{ a(x: " + "{y: " * 100 + "1" + "}" * 100 + ")}", None),
        ("query @a " + "@b " * 60 + "{ a }", "directives"),
        ("".join(f" fragment f{n} on Query {{ a }}" for n in range(25)), "merged"),
        ("".join(f" fragment f{n} on T{n} {{ a }}" for n in range(50)), None),
        ("type A { b: Int } " * 70, "definitions"),
    ],
)
def test_each_part_of_the_form_has_its_limit(document: str, limit: str | None) -> None:
    excess = excess_of(parse(document))
    assert (excess.params["limit"] if excess else None) == limit
