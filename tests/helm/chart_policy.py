"""What a policy of the chart is, and how one object is changed so that it must speak."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chart_helm import Object, Objects, of_kind, pods

Rule = Callable[[Objects], Iterator[str]]


@dataclass(frozen=True)
class Policy:
    """A rule with its name and a change that offends it; `sized` holds where pods have sizes."""

    name: str
    rule: Rule
    breaks: Callable[[Objects], object]
    sized: bool = False


POLICIES: list[Policy] = []


def policy(breaks: Callable[[Objects], object], *, sized: bool = False) -> Callable[[Rule], Rule]:
    """Register a rule under the name of its function."""

    def register(rule: Rule) -> Rule:
        POLICIES.append(Policy(rule.__name__, rule, breaks, sized))
        return rule

    return register


def on_pod(change: Callable[[Object], object]) -> Callable[[Objects], object]:
    """Return a change of the first pod's spec."""
    return lambda objects: change(next(spec for _, _, spec in pods(objects)))


def on_box(change: Callable[[Object], object]) -> Callable[[Objects], object]:
    """Return a change of the first pod's container."""
    return on_pod(lambda spec: change(spec["containers"][0]))


def on(kind: str, change: Callable[[Object], object]) -> Callable[[Objects], object]:
    """Return a change of the first object of a kind."""
    return lambda objects: change(of_kind(objects, kind)[0])


def boxes(objects: Objects) -> Iterator[tuple[str, Object, Object]]:
    """Yield name of the pod, its spec and each container of every pod."""
    for name, _, spec in pods(objects):
        for box in [*spec["containers"], *spec.get("initContainers", [])]:
            yield name, spec, box
