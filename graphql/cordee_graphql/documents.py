"""Documents: parsed and validated once, then kept."""

import math
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FloatValueNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    IntValueNode,
    StringValueNode,
    ValuesOfCorrectTypeRule,
    parse,
    specified_rules,
    validate,
)
from graphql.validation import ASTValidationRule, ValidationRule
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from cordee_core.errors import (
    DocumentInvalidError,
    InvalidTextError,
    LimitExceededError,
    VariableInvalidError,
)
from cordee_graphql.prepared import Prepared, operation_in
from cordee_graphql.structure import excess_of, has_more_tokens, unlink

MAX_ERRORS = 20
"""Most validation errors that an answer lists."""

MAX_CHARACTERS = 50_000
"""Longest text that is read: one of a megabyte takes seconds, whatever is in it."""

KEPT_CHARACTERS = 200_000
"""Most text whose documents are kept. A parsed document takes up to 200 times its text."""

MAX_DIGITS = 1000
"""Most characters of a number in a document; Python itself refuses more than 4300 digits."""


class _Values(ValuesOfCorrectTypeRule):
    """Marks what it reports: graphql-core's text repeats the value, which must not go out."""

    def report_error(self, error: GraphQLError) -> None:
        """Report `error` as a wrong value."""
        error.extensions = {"code": VariableInvalidError.code}
        super().report_error(error)


class _Texts(ValidationRule):
    """Refuses NUL in string literals: PostgreSQL can't store it."""

    def enter_string_value(self, node: StringValueNode, *_: Any) -> None:
        """Report a literal with NUL."""
        if "\0" in node.value:
            self.report_error(
                GraphQLError("NUL in a string", node, original_error=InvalidTextError())
            )


class _Numbers(ValidationRule):
    """Refuses numbers in literals that no program of ours could hold."""

    def enter_int_value(self, node: IntValueNode, *_: Any) -> None:
        """Report an integer that is too long."""
        if len(node.value) > MAX_DIGITS:
            self._report(node)

    def enter_float_value(self, node: FloatValueNode, *_: Any) -> None:
        """Report a number that is too long or too large."""
        if len(node.value) > MAX_DIGITS or not math.isfinite(float(node.value)):
            self._report(node)

    def _report(self, node: IntValueNode | FloatValueNode) -> None:
        extensions = {"code": VariableInvalidError.code}
        self.report_error(GraphQLError("number out of range", node, extensions=extensions))


RULES: tuple[type[ASTValidationRule], ...] = (
    *(_Values if rule is ValuesOfCorrectTypeRule else rule for rule in specified_rules),
    _Texts,
    _Numbers,
    MaybeNullValidationRule,
    OneOfInputValidationRule,
)


@dataclass(slots=True)
class _Kept:
    document: DocumentNode
    operations: dict[str | None, Prepared] = field(default_factory=dict)


class Documents:
    """The documents that came last and were found right."""

    def __init__(self, schema: GraphQLSchema, *, max_tokens: int, most: int = 256) -> None:
        self._schema, self._max_tokens, self._most = schema, max_tokens, most
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._characters = 0

    def prepared(self, query: str, name: str | None) -> Prepared | None:
        """Return the operation called `name` in the document `query`.

        None where it has no such operation, or several and none is named.

        Raises:
            GraphQLSyntaxError: the document does not parse.
            LimitExceededError: it has too many tokens or is nested too deeply to read.
        """
        kept = self._kept.get(query)
        if kept is not None and name in kept.operations:
            self._kept.move_to_end(query)
            return kept.operations[name]
        document, errors = self.read(query)
        node = operation_in(document, name)
        if node is None:
            return None
        found = Prepared(self._schema, document, node, errors)
        kept = self._kept.get(query)
        if kept is not None:
            kept.operations[name] = found
        return found

    def read(self, query: str) -> tuple[DocumentNode, list[GraphQLError]]:
        """Return the document in `query` and what is wrong with it.

        Raises:
            GraphQLSyntaxError: it does not parse.
            LimitExceededError: it has too many tokens or is nested too deeply to read.
        """
        if query in self._kept:
            self._kept.move_to_end(query)
            return self._kept[query].document, []
        if len(query) > MAX_CHARACTERS:
            raise LimitExceededError(limit="characters", value=len(query), maximum=MAX_CHARACTERS)
        if has_more_tokens(query, self._max_tokens):
            raise self._too_many_tokens()
        document = self._parse(query)
        unlink(document)
        excess = excess_of(document)
        if excess is not None:
            del document
            raise excess
        errors = validate(self._schema, document, RULES, MAX_ERRORS, hide_suggestions=True)
        for error in errors:
            if error.original_error is None and not error.extensions:
                error.extensions = {"code": DocumentInvalidError.code}
        if not errors:
            self._keep(query, document)
        return document, errors

    def _keep(self, query: str, document: DocumentNode) -> None:
        """Keep a document that is worth it; those that came longest ago go."""
        if len(query) > KEPT_CHARACTERS // 10:
            return
        self._kept[query] = _Kept(document)
        self._characters += len(query)
        while len(self._kept) > self._most or self._characters > KEPT_CHARACTERS:
            self._characters -= len(self._kept.popitem(last=False)[0])

    def _too_many_tokens(self) -> LimitExceededError:
        most = self._max_tokens
        return LimitExceededError(limit="tokens", value=f"> {most}", maximum=most)

    def _parse(self, query: str) -> DocumentNode:
        try:
            return parse(query, max_tokens=self._max_tokens)
        except GraphQLSyntaxError as error:
            if "tokens" in error.description and str(self._max_tokens) in error.description:
                raise self._too_many_tokens() from None
            raise
        except RecursionError:
            raise LimitExceededError(limit="depth", value="…", maximum="…") from None
