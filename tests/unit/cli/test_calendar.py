import datetime as dt
import sys
from pathlib import Path

import pytest
import yaml

import csflow
from csflow.cli.calendar import MissingLibrary, calendar_text, parse_years, write_calendar, zone_text

CHECKED = Path(__file__).parents[2] / "spec" / "checks" / "pack"
COMMITTED = Path(__file__).parents[3] / "policies" / "cn" / "calendars"


def test_the_committed_calendar_is_what_the_generator_writes_for_its_years() -> None:
    committed = (COMMITTED / "cn.yaml").read_bytes().decode("utf-8")
    first, end = yaml.safe_load(committed)["covers"].strip("[)").split("..")
    years = range(dt.date.fromisoformat(first).year, dt.date.fromisoformat(end).year)
    assert calendar_text("cn", years) == committed


def test_the_committed_zone_is_what_the_generator_writes() -> None:
    assert zone_text("Asia/Shanghai") == (COMMITTED / "asia_shanghai.yaml").read_bytes().decode("utf-8")


def test_a_calendar_lists_runs_of_holidays_and_make_up_days() -> None:
    document = yaml.load(calendar_text("cn", range(2025, 2026)), yaml.BaseLoader)
    assert document["covers"] == "[2025-01-01..2026-01-01)"
    assert "2025-10-01..2025-10-08" in document["statutory_holiday"]
    assert "2025-01-01" in document["statutory_holiday"]
    assert document["working_day"] == ["2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"]


def test_a_calendar_starts_in_2017_and_goes_as_far_as_is_published() -> None:
    covers = yaml.safe_load(calendar_text("cn"))["covers"]
    assert covers.startswith("[2017-01-01..")
    assert covers >= "[2017-01-01..2027-01-01)"


def test_a_zone_starts_at_its_last_change_before_2017_and_names_the_later_ones() -> None:
    shanghai = yaml.load(zone_text("Asia/Shanghai"), yaml.BaseLoader)
    assert shanghai["offsets"] == [{"from": "1991-09-14T17:00:00Z", "offset": "+08:00"}]
    assert shanghai["covers"] == "[1991-09-16..2100-01-01)"
    berlin = yaml.load(zone_text("Europe/Berlin"), yaml.BaseLoader)
    assert berlin["offsets"][:2] == [
        {"from": "2016-10-30T01:00:00Z", "offset": "+01:00"},
        {"from": "2017-03-26T01:00:00Z", "offset": "+02:00"},
    ]
    assert len(berlin["offsets"]) == 1 + 2 * (2100 - 2017)


def test_a_zone_that_never_changed_starts_in_1900() -> None:
    utc = yaml.load(zone_text("UTC"), yaml.BaseLoader)
    assert utc["offsets"] == [{"from": "1900-01-01T00:00:00Z", "offset": "+00:00"}]


def test_files_are_written_under_the_name_of_the_calendar_or_zone(tmp_path: Path) -> None:
    folder = tmp_path / "calendars"
    assert write_calendar("Asia/Shanghai", folder) == folder / "asia_shanghai.yaml"
    written = write_calendar("cn", folder, range(2025, 2027))
    assert written == folder / "cn.yaml"
    assert written.read_bytes().decode("utf-8") == calendar_text("cn", range(2025, 2027))
    assert b"\r" not in written.read_bytes()


@pytest.mark.parametrize("years", [range(1999, 2027), range(2025, 2100), range(2026, 2024), range(2026, 2024, -1)])
def test_years_that_are_not_published_are_refused(years: range) -> None:
    with pytest.raises(ValueError, match="years without a published calendar"):
        calendar_text("cn", years)


@pytest.mark.parametrize("name", ["Asia/Shangai", "../../etc/passwd", "xx", ""])
def test_a_name_that_is_no_calendar_and_no_zone_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is neither a calendar"):
        write_calendar(name, tmp_path)
    with pytest.raises(ValueError, match="is neither a calendar"):
        calendar_text(name)


@pytest.mark.parametrize(("name", "package"), [("cn", "chinese_calendar"), ("Asia/Shanghai", "tzdata")])
def test_a_missing_library_names_the_install_line(
    name: str, package: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingLibrary, match=r"pip install 'csflow\[dev\]'"):
        write_calendar(name, tmp_path)


def test_a_country_has_its_public_holidays_and_make_up_days_for_the_years_that_are_named() -> None:
    taiwan = yaml.load(calendar_text("tw", range(2025, 2026)), yaml.BaseLoader)
    assert taiwan["covers"] == "[2025-01-01..2026-01-01)"
    assert "2025-01-27..2025-01-31" in taiwan["statutory_holiday"]
    assert taiwan["working_day"] == ["2025-02-08"]
    germany = yaml.load(calendar_text("de", range(2025, 2026)), yaml.BaseLoader)
    assert "2025-10-03" in germany["statutory_holiday"]
    assert germany["working_day"] == []


def test_the_years_of_a_country_are_never_taken_for_granted() -> None:
    with pytest.raises(ValueError, match="--years is needed"):
        calendar_text("tw")
    with pytest.raises(ValueError, match="--override needs --years"):
        calendar_text("cn", override=True)
    with pytest.raises(ValueError, match="go with a calendar"):
        write_calendar("Asia/Taipei", Path(), range(2025, 2026))


@pytest.mark.parametrize(("text", "years"), [("2027", range(2027, 2028)), ("2017..2026", range(2017, 2027))])
def test_years_are_one_or_a_run_of_them(text: str, years: range) -> None:
    assert parse_years(text) == years


@pytest.mark.parametrize("text", ["", "27", "2026..2017", "2017-2026", "2017..", "二〇二七"])
def test_other_years_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="--years takes"):
        parse_years(text)


def test_an_override_goes_on_where_the_calendar_of_a_pack_ends(tmp_path: Path) -> None:
    written = write_calendar("cn", tmp_path, range(2026, 2027), override=True)
    assert written.name == "cn_2026.yaml"
    base = {path.relative_to(CHECKED).as_posix(): path.read_bytes() for path in CHECKED.rglob("*.yaml")}
    shorter = base | {"calendars/cn.yaml": calendar_text("cn", range(2023, 2026)).encode()}
    longer = csflow.load_pack(shorter | {"calendars/cn_2026.yaml": written.read_bytes()})
    whole = csflow.load_pack(base | {"calendars/cn.yaml": calendar_text("cn", range(2023, 2027)).encode()})
    assert csflow.load_pack(shorter).linked.calendars["cn"].end_day == dt.date(2026, 1, 1).toordinal()
    assert longer.linked.calendars["cn"] == whole.linked.calendars["cn"]
    assert longer.digest == whole.digest
