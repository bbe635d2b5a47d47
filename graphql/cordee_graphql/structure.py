"""What a document may be made of, looked at before it is validated.

Validation compares fields with each other, and some of its rules take seconds for documents that
are small in tokens: many fields of one name, many fragments in one place. Such documents are
refused by their form alone, in one walk over the parsed text.
"""

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


def check_form(document: DocumentNode, most: Form = MOST) -> None:
    """Raise `LimitExceededError` for the first part of the form that is larger than allowed."""
    form = _form(document)
    for each in fields(Form):
        value, maximum = getattr(form, each.name), getattr(most, each.name)
        if value > maximum:
            raise LimitExceededError(limit=each.name, value=value, maximum=maximum)


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
