"""Identifiers can be said and typed, and a slip of the finger shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline_sim.records.provenance.identifiers import LETTERS, RESULT, Identifier, digest_letters, read_identifier
from pipeline_sim.records.records_error import RecordsError

results = st.text(LETTERS, min_size=7, max_size=7)
identifiers = st.builds(Identifier, st.sampled_from("FTD"), st.integers(1, 999), results) | st.builds(
    Identifier, st.just(RESULT), st.just(0), results
)


def test_it_is_short_and_looks_like_this() -> None:
    assert Identifier("F", 1, "k7m3q4d").text == "F1-k7m3-q4dt"
    assert Identifier("R", 0, "k7m3q4d").text == "R-k7m3-q4dw"


@pytest.mark.law
@given(identifiers)
def test_what_is_written_can_be_read(identifier: Identifier) -> None:
    text = identifier.text
    assert read_identifier(text) == identifier
    for typed in (text.upper(), text.replace("-", ""), f" {text.lower()} ", text.replace("0", "O").replace("1", "l")):
        assert read_identifier(typed) == identifier


@pytest.mark.law
@given(identifiers, st.data())
def test_one_wrong_letter_shows(identifier: Identifier, data: st.DataObject) -> None:
    text = identifier.text
    place = data.draw(st.sampled_from([at for at, letter in enumerate(text) if letter != "-"]))
    wrong = text[:place] + data.draw(st.sampled_from(LETTERS)) + text[place + 1 :]
    if wrong.lower() != text.lower():
        with pytest.raises(RecordsError, match=r"is mistyped|is not an identifier"):
            read_identifier(wrong)


@pytest.mark.law
@given(identifiers, st.data())
def test_two_letters_that_change_places_show(identifier: Identifier, data: st.DataObject) -> None:
    plain = identifier.text.replace("-", "").lower()
    one = data.draw(st.integers(0, len(plain) - 2))
    other = data.draw(st.integers(one + 1, len(plain) - 1))
    letters = list(plain)
    letters[one], letters[other] = letters[other], letters[one]
    if letters[one] != letters[other]:
        with pytest.raises(RecordsError, match=r"is mistyped|is not an identifier"):
            read_identifier("".join(letters))


@pytest.mark.parametrize(
    "text", ["", "F", "F1", "F0-k7m3-q4dt", "R1-k7m3-q4dw", "X1-k7m3-q4dt", "F1-k7m3-q4du", "F٣-k7m3-q4dt"]
)
def test_what_has_another_form_is_no_identifier(text: str) -> None:
    with pytest.raises(RecordsError, match="is not an identifier: they look like F1-k7m3-q4dt"):
        read_identifier(text)


def test_every_part_counts() -> None:
    found = {digest_letters(parts) for parts in (["a", "b"], ["ab"], ["b", "a"], ["a", "b", ""], [])}
    assert len(found) == 5
    assert all(len(each) == 7 and set(each) <= set(LETTERS) for each in found)
