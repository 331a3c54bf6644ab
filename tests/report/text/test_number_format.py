"""Numbers and names as people write them."""

import pytest

from pipeline_sim.report.text.number_format import in_words, listed, percent, plural, pounds, rounded
from pipeline_sim.world.schema.names import region_name


@pytest.mark.parametrize(
    ("value", "says"), [(0, "0"), (0.123, "0.12"), (9.96, "10"), (12.4, "12"), (1234, "1,200"), (999_999, "1,000,000")]
)
def test_two_significant_figures(value: float, says: str) -> None:
    assert rounded(value) == says


@pytest.mark.parametrize(
    ("value", "says"),
    [(81_234, "£81,000"), (1_249_000, "£1.2m"), (999_999, "£1m"), (1.1e9, "£1.1bn"), (-81_000, "minus £81,000")],
)
def test_pounds(value: float, says: str) -> None:
    assert pounds(value) == says


@pytest.mark.parametrize(
    ("share", "says"),
    [
        (0.0, "0 %"), (-0.0, "0 %"), (-1e-12, "0 %"), (1e-6, "< 1 %"), (0.25, "25 %"), (0.996, "> 99 %"),
        (1 - 1e-6, "> 99 %"), (1 - 1e-15, "100 %"), (1.0, "100 %"), (float("nan"), "not known"),
    ],
)  # fmt: skip
def test_a_share(share: float, says: str) -> None:
    assert percent(share) == says


@pytest.mark.parametrize(("names", "says"), [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")])
def test_a_list(names: list[str], says: str) -> None:
    assert listed(names) == says


@pytest.mark.parametrize(
    ("unit", "says"), [("day", "days"), ("month of extension", "months of extension"), ("WTE-year", "WTE-years")]
)
def test_more_than_one(unit: str, says: str) -> None:
    assert plural(unit) == says


@pytest.mark.parametrize(("kind", "says"), [("gp", "GP"), ("run through", "Run through"), ("London", "London")])
def test_a_kind_of_doctor(kind: str, says: str) -> None:
    assert in_words(kind) == says


@pytest.mark.parametrize(
    ("region", "says"),
    [("north_east_and_yorkshire", "North East and Yorkshire"), ("east_of_england", "East of England")],
)
def test_an_nhs_region(region: str, says: str) -> None:
    assert region_name(region) == says
