"""What a document may be made of, looked at before it is parsed and before it is validated.

Validation compares fields with each other, and some of its rules take seconds for documents that
are small in tokens: many fields of one name, many fragments in one place. Such documents are
refused by their form alone, in one walk over the parsed text.
"""

import re
from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, fields

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    ListValueNode,
    Node,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

from cordee_core.errors import LimitExceededError


@dataclass(slots=True)
class Form:
    """The form of a document; as a limit, the most of each that one may have."""

    definitions: int = 0
    directives: int = 0
    variables: int = 0
    values: int = 0
    """Values written in the document, elements of lists and fields of objects included."""
    selections: int = 0
    fragments: int = 0
    """Fragments, named or inline, in one selection set."""
    repeated: int = 0
    """How often one place in the answer is asked for: a path of response names."""
    merged: int = 0
    """The same for the fragments on one type together: where they are spread, they are merged."""


MOST = Form(
    definitions=60,
    directives=50,
    variables=100,
    values=1_000,
    selections=1_000,
    fragments=30,
    repeated=8,
    merged=24,
)


_TOKEN = re.compile(r'"""|"|#[^\n\r]*|\.\.\.|[_A-Za-z]\w*|-?[0-9][0-9.eE+-]*|[!$&()\[\]{}:=@|]')
_BLOCK_END = re.compile(r'(?<!\\)"""')
_STRING_END = re.compile(r'(?:[^"\\\n\r]|\\.)*+"')
_ENDS = {'"""': _BLOCK_END.search, '"': _STRING_END.match}


def has_more_tokens(text: str, most: int) -> bool:
    """Return whether `text` has more than `most` tokens, in a tenth of the parser's time.

    Where a string does not end, the parser is left to say so.
    """
    number, place = 0, 0
    while found := _TOKEN.search(text, place):
        number, place = number + 1, found.end()
        if number > most:
            return True
        if found[0] in _ENDS:
            end = _ENDS[found[0]](text, place)
            if end is None:
                return False
            place = end.end()
    return False


def unlink(document: DocumentNode) -> None:
    """Undo the circles in which the tokens of `document` refer to each other.

    What is dropped then goes at once; else each large document is garbage until all of memory is
    searched for it, and everybody waits for that.
    """
    token = document.loc.start_token if document.loc else None
    while token is not None:
        token.prev, token = None, token.next


def excess_of(document: DocumentNode, most: Form = MOST) -> LimitExceededError | None:
    """Return the first part of the form that is larger than allowed; None where nothing is.

    The error is returned and not raised here: its trace would keep the whole document alive.
    """
    form = _form(document)
    for each in fields(Form):
        value, maximum = getattr(form, each.name), getattr(most, each.name)
        if value > maximum:
            return LimitExceededError(limit=each.name, value=value, maximum=maximum)
    return None


def _form(document: DocumentNode) -> Form:
    form = Form(definitions=len(document.definitions))
    places: Counter[Hashable] = Counter()
    for definition in document.definitions:
        form.directives += len(getattr(definition, "directives", None) or ())
        if isinstance(definition, OperationDefinitionNode):
            form.variables += len(definition.variable_definitions or ())
            _walk(form, definition.selection_set, "")
        elif isinstance(definition, FragmentDefinitionNode):
            own = _walk(form, definition.selection_set, definition.type_condition.name.value)
            places.update(own)
    form.merged = max(places.values(), default=0)
    return form


def _walk(form: Form, selections: SelectionSetNode, root: Hashable) -> Counter[Hashable]:
    """Count what is below `root`; return how often each path is asked for.

    Fields of one path are merged in the answer, so they count together.
    """
    places: Counter[Hashable] = Counter()
    stack: list[tuple[SelectionSetNode, Hashable]] = [(selections, root)]
    while stack:
        selection_set, place = stack.pop()
        fragments = 0
        for each in selection_set.selections:
            form.selections += 1
            _count(form, each)
            below = place
            if isinstance(each, FieldNode):
                below = (place, (each.alias or each.name).value)
                places[below] += 1
            else:
                fragments += 1
            inner = getattr(each, "selection_set", None)
            if inner is not None:
                stack.append((inner, below))
        form.fragments = max(form.fragments, fragments)
    form.repeated = max([form.repeated, *places.values()])
    return places


def _count(form: Form, selection: SelectionNode) -> None:
    """Count directives and literals of one selection."""
    given: list[ArgumentNode] = list(getattr(selection, "arguments", None) or ())
    for directive in selection.directives or ():
        form.directives += 1
        given += directive.arguments or ()
    form.values += sum(_values(argument.value) for argument in given)


def _values(node: Node) -> int:
    """Return of how many values a literal is made."""
    number, stack = 0, [node]
    while stack:
        found = stack.pop()
        number += 1
        if isinstance(found, ListValueNode):
            stack += found.values
        elif isinstance(found, ObjectValueNode):
            stack += [each.value for each in found.fields]
    return number
