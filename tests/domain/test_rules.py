"""Every rule of law and platform practice that was looked at stands in a pack, or is left out for a stated reason.

The ids are those of the research the packs were written from; `rules/*.yaml` says of each where it stands.
"""

from functools import cache
from pathlib import Path

import pytest
import yaml

from csflow.loading.passes import load_folder
from csflow.loading.standard import standard_folder, standard_names
from csflow.pack.model import LinkedPack

FOLDER = Path(__file__).parent / "rules"
TITLED = (
    "parameters",
    "layers",
    "reasons",
    "codes",
    "roles",
    "facts",
    "mappings",
    "settlements",
    "derived",
    "parties",
    "channels",
)


def numbered(stem: str, *parts: range | str | int) -> set[str]:
    return {
        f"{stem}{number:02d}" if isinstance(number, int) else f"{stem}{number}"
        for part in parts
        for number in (part if isinstance(part, range) else [part])
    }


# Claims about markets, hiring and training, and costs that no case knows.
OUT_OF_SCOPE = {f"D{number}" for number in (163, 164, 165, 166, *range(176, 187), 192, 193, 197)}
EXPECTED = (
    numbered("CN-", range(1, 24), range(30, 61))
    | {"ZJ", "SH", "SD", "BJ"}
    | numbered("TB-", "06", "07", "10/11", "14", "15", "21", "23", "27", "34", "37/38", "39/40", "49", "52", "53", "54")
    | numbered("TB-", "59..63", "65..72", "68/70/81", "82/83", "92")
    | numbered("JD-", "07", "09", "18", "27", "47", "54")
    | numbered("JDG-", "11", "14", "16", "20", "24")
    | {"LATE-1", "LATE-2", "INS-1", "PP-1", "PP-2", "PAY-1", "PAY-2"}
    | {f"XB-{number}" for number in range(1, 5)}
    | {f"EU-{number}" for number in range(1, 15)}
    | {f"TW-{number}" for number in range(1, 7)}
    # What the documents of a service department name: flows, reasons, processes, figures, roles and channels. Their
    # customer types and scripts (D076 to D152) belong to replies, their tools (from D231) to the host.
    | {f"D{number:03d}" for number in (*range(1, 75), *range(153, 231))} - OUT_OF_SCOPE
)


def stated() -> dict[str, dict[str, list[str]]]:
    """Of each id all that any file says: several packs may hold one rule, or leave it out."""
    found: dict[str, dict[str, list[str]]] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        for id, place in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            assert place and set(place) <= {"in", "left_out"}, f"{path.name}: {id}"
            known = found.setdefault(id, {"in": [], "left_out": []})
            known["in"] += place.get("in", [])
            known["left_out"] += [place["left_out"]] if "left_out" in place else []
    return found


STATED = stated()


@cache
def linked(name: str) -> LinkedPack:
    pack = load_folder(standard_folder(name), tests=False).pack
    assert pack is not None
    return pack


def stands(address: str) -> bool:
    """Whether there is such a thing: PACK/DECISION, PACK/DECISION/RULE, or PACK/parameters/NAME and the like."""
    pack, where, *rest = address.split("/", 2)
    if pack not in standard_names():
        return False
    if where in TITLED:
        return bool(rest) and rest[0] in getattr(linked(pack), where)
    decision = linked(pack).decisions.get(where)
    return decision is not None and (not rest or rest[0] in {rule.id for rule in decision.every_rule()})


def test_every_rule_is_accounted_for():
    assert EXPECTED - set(STATED) == set()


@pytest.mark.parametrize("id", sorted(STATED))
def test_a_rule_stands_where_it_is_said_to_or_is_left_out_for_a_reason(id):
    place = STATED[id]
    assert place["in"] or place["left_out"]
    assert [address for address in place["in"] if not stands(address)] == []
    assert [reason for reason in place["left_out"] if len(reason) < 20] == []


def test_an_address_that_leads_nowhere_is_noticed():
    assert stands("cn/parameters/no_reason_window") and stands("cn/no_reason_return/expired") and stands("cn/exemption")
    assert (
        not stands("cn/parameters/no_such") and not stands("cn/no_reason_return/no-such") and not stands("xx/exemption")
    )
