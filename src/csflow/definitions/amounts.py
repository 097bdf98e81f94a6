"""Owns the sections of a settlement that name amounts beside the goods, and what else follows from a refund."""

from typing import Annotated, ClassVar

from pydantic import Field

from csflow.definitions.reading import Definition, Expression, Flag, FreeNames, Text, Title, one_of

# What the amount of an effect is: what is refunded now, what the goods that came back now were worth, or none.
OF_REFUNDED, OF_RETURNED, OF_NOTHING = EFFECT_AMOUNTS = ("refunded", "returned", "none")


class ShareSection(Definition):
    """What one party bears: a part in proportion, up to a limit, or the `rest`."""

    short_form: ClassVar[str | None] = "part"

    part: Expression | None = None
    at_most: Expression | None = None


class ApprovalSection(Definition):
    """Who has to agree before the money goes: a role, a human being, or both; `when` it is asked at all."""

    when: Expression | None = None
    role: Expression | None = None
    confirmed: Expression | None = None


class GrantSection(Definition):
    """An amount with a name of its own, given back for a line whose units stay: asked where the claim concerns it."""

    title: Title
    amount: Expression
    approval: ApprovalSection | None = None
    because: Title | None = None


class AmountSection(GrantSection):
    """An amount with a name of its own, for the whole order.

    `concerned`: asked only where the claim concerns it, which is so without `when`, unless it says otherwise.
    """

    when: Expression | None = None
    concerned: Flag | None = None


class BudgetSection(Definition):
    """How much one customer may get under a name, over all orders: `at_most` in the days `within` which it counts."""

    at_most: Expression
    within: Expression


class AdditionSection(AmountSection):
    """What the customer gets beside the refund, outside its caps, and who bears it."""

    form: Expression | None = None
    budget: BudgetSection | None = None
    shares: FreeNames[ShareSection] = Field(default_factory=dict)


class RecourseSection(AmountSection):
    """What the merchant, who has borne the refund, gets back from another party."""

    payer: Annotated[Text, Field(alias="from")]


class DenialSection(Definition):
    """What is refused, `when` it is so, by the pack's own code; `concerned` as for amounts."""

    title: Title
    when: Expression
    code: Expression
    concerned: Flag | None = None
    because: Title | None = None


class EarnedSection(Definition):
    """Units that the order earned, of which the part of what comes back is taken back; `concerned` as for amounts."""

    title: Title
    units: Expression
    balance: Expression
    charged: Expression | None = None
    when: Expression | None = None
    concerned: Flag | None = None
    because: Title | None = None


class EffectSection(Definition):
    """What a host has to do besides paying; `concerned` as for amounts."""

    title: Title
    when: Expression | None = None
    concerned: Flag | None = None
    of: Annotated[str, one_of(*EFFECT_AMOUNTS)] = OF_NOTHING
    because: Title | None = None
