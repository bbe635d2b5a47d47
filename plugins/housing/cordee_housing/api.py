"""What the housing plugin adds to the GraphQL schema."""

from collections.abc import Mapping
from typing import cast

import strawberry

from cordee_core import Content, Text, pick
from cordee_graphql.extension import Info

ETHOS = "housing.ethos_light"


def _label(self: "HousingLivingSituation", info: Info) -> str:
    return pick(self.labels, info.context.operation.language)


@strawberry.type(description="One of the twelve situations of ETHOS Light (FEANTSA, 2017).")
class HousingLivingSituation:
    """One of the twelve situations of ETHOS Light (FEANTSA, 2017)."""

    number: int = strawberry.field(description="Its number in the typology, 1 to 12.")
    code: str = strawberry.field(description="The answer in the instrument `housing.ethos_light`.")
    labels: strawberry.Private[Text]

    label: str = strawberry.field(
        resolver=_label, description="Where the person lives, in the caller's language."
    )


@strawberry.type(
    description="One of the six operational categories of ETHOS Light (FEANTSA, 2017)."
)
class HousingHomelessnessCategory:
    """One of the six operational categories of ETHOS Light (FEANTSA, 2017)."""

    number: int = strawberry.field(description="Its number in the typology, 1 to 6.")
    situations: list[HousingLivingSituation] = strawberry.field(
        description="The living situations in it, in the order of the typology."
    )


def categories(content: Content) -> list[HousingHomelessnessCategory]:
    """Return the categories with their situations, read from the plugin's own instrument."""
    instrument = content.instruments[ETHOS]
    tables = {
        score.key: cast("Mapping[str, int]", score.table)
        for score in instrument.scores
        if score.key in ("operational_category", "living_situation_code")
    }
    numbers, situations = tables["operational_category"], tables["living_situation_code"]
    found: dict[int, list[HousingLivingSituation]] = {}
    for option in instrument.items[0].options:
        if option.code in numbers:
            one = HousingLivingSituation(
                number=int(situations[option.code]), code=option.code, labels=option.label
            )
            found.setdefault(int(numbers[option.code]), []).append(one)
    return [
        HousingHomelessnessCategory(
            number=number, situations=sorted(found[number], key=lambda one: one.number)
        )
        for number in sorted(found)
    ]


def housing_query(content: Content) -> type:
    """Return the query type of the plugin, answering from `content`."""
    known = categories(content)

    def answer() -> list[HousingHomelessnessCategory]:
        return known

    @strawberry.type(description="Everything that the housing plugin answers.")
    class HousingQuery:
        homelessness_categories: list[HousingHomelessnessCategory] = strawberry.field(
            resolver=answer, description="The six categories of homelessness of ETHOS Light."
        )

    return HousingQuery
