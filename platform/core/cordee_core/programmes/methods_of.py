"""The methods that a programme uses: the organisation's own, or copies of templates."""

from dataclasses import replace

from cordee_core.access.scope import Scope
from cordee_core.programmes.definition import ProgrammeDefinition
from cordee_core.programmes.method import Method, MethodTemplate, parse_method
from cordee_core.programmes.queries import methods_by_code
from cordee_core.programmes.versioned import METHOD, store_copy, template_of
from cordee_core.validation import problem


async def with_methods(scope: Scope, definition: ProgrammeDefinition) -> ProgrammeDefinition:
    """Return the programme with what each method that it uses says now, and its version.

    A template of an enabled plugin is copied first, so that the organisation can change it.

    Raises:
        InvalidInputError: nobody has a method of that code.
    """
    wanted = {one.uses for one in definition.methods if one.uses is not None}
    rows = await methods_by_code(wanted)
    known: dict[str, tuple[MethodTemplate, int]] = {
        code: (parse_method(row["definition"]), row["version"]) for code, row in rows.items()
    }
    for code in sorted(wanted - known.keys()):
        template = template_of(scope, METHOD, code)
        if not isinstance(template, MethodTemplate):
            raise problem(
                ("input", "parts"),
                f"methods: there is no method {code}",
                f"methods : il n'y a pas de méthode {code}",
            )
        await store_copy(scope, METHOD, template, code)
        known[code] = (template, 1)
    return replace(definition, methods=tuple(_taking(one, known) for one in definition.methods))


def _taking(one: Method, known: dict[str, tuple[MethodTemplate, int]]) -> Method:
    return one if one.uses is None else one.taking(*known[one.uses])


def shown(scope: Scope, definition: ProgrammeDefinition) -> ProgrammeDefinition:
    """Return a template's programme with what the templates of the methods that it uses say."""
    found = []
    for one in definition.methods:
        template = None if one.uses is None else template_of(scope, METHOD, one.uses)
        found.append(one.taking(template, None) if isinstance(template, MethodTemplate) else one)
    return replace(definition, methods=tuple(found))
