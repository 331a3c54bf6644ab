"""No two decisions share random numbers: keys differ, and blocks of neighbouring keys look independent."""

import re
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pipeline_sim.base.philox import philox4x32
from pipeline_sim.cli.terminal.options import checked_seed
from pipeline_sim.rules.codes import Purpose
from pipeline_sim.rules.random_numbers import draw
from pipeline_sim.study.replication.parameter_draws import uncertain_parameters
from pipeline_sim.study.replication.prepare import WorldSpec, world_of

ROOM = Path(__file__).parents[2] / "pipeline_sim"
CONFIGS = ROOM.parent / "configs"
WORD = 1 << 32
MOST = {"seed": (1 << 63) - 1, "replication": 99_999, "trainee": (1 << 31) - 1, "purpose": 63, "index": (1 << 31) - 1}
PLACES = st.tuples(*(st.integers(0, most) for most in MOST.values()))
RETIRED = ("PATTERN",)  # asked for by nothing any more; its number is not given to another
UNLIKELY = 1e-4
MANY = 4_000


def packed(seed: int, replication: int, trainee: int, purpose: int, index: int) -> tuple[int, ...]:
    """Counter and key of a block, six words."""
    return trainee, purpose, index, seed // WORD, seed % WORD, replication


def unpacked(words: tuple[int, ...]) -> tuple[int, ...]:
    """What a counter and key are for."""
    trainee, purpose, index, high, low, replication = words
    return high * WORD + low, replication, trainee, purpose, index


@settings(max_examples=500, deadline=None, derandomize=True, database=None)
@given(PLACES)
def test_every_decision_has_a_counter_and_key_of_its_own(place: tuple[int, ...]) -> None:
    words = packed(*place)
    assert unpacked(words) == place
    assert all(0 <= word < WORD for word in words)
    assert draw(*place) == philox4x32(*words)


def test_at_the_bounds_all_blocks_differ() -> None:
    ends = [(0, 1, most - 1, most) for most in MOST.values()]
    ends[0] += (WORD - 1, WORD, WORD + 1)
    places = list(product(*ends))
    assert len({draw(*place) for place in places}) == len(places)


@pytest.mark.parametrize("seed", [-1, 1 << 63])
def test_a_seed_that_would_wrap_round_is_refused(seed: int) -> None:
    with pytest.raises(typer.BadParameter, match="seed is"):
        checked_seed(seed)


def test_no_purpose_has_the_number_of_another() -> None:
    numbers = [purpose.value for purpose in Purpose.__members__.values()]
    assert sorted(numbers) == list(range(len(numbers)))
    assert len(Purpose.__members__) == len(list(Purpose))
    assert max(numbers) <= MOST["purpose"]


def purposes(*folders: str) -> set[str]:
    """Purposes that files of some folders name."""
    texts = [file.read_text(encoding="utf-8") for folder in folders for file in (ROOM / folder).rglob("*.py")]
    return {name for text in texts for name in re.findall(r"\bPurpose\.([A-Z_0-9]+)", text)}


def test_both_engines_ask_for_luck_for_the_same_purposes() -> None:
    reference, batch = purposes("rules", "engines/reference"), purposes("rules", "engines/batch")
    assert reference == batch
    assert reference == set(Purpose.__members__) - {"PARAMETER", *RETIRED}


def test_parameters_share_no_word_with_the_luck_of_the_model() -> None:
    """Their purpose is used by nothing that runs a world, so their blocks are others; and each figure has its own."""
    assert "PARAMETER" not in purposes("rules", "engines", "world", "economics", "base")
    layers = tuple(str(CONFIGS / f"{name}.toml") for name in ("england", "costs", "covid", "interventions"))
    keys = [figure.key for figure in uncertain_parameters(world_of(WorldSpec(layers)))]
    assert len(keys) > 50
    assert len(set(keys)) == len(keys)
    assert max(keys) < WORD


def stream(**steps: int) -> np.ndarray:
    """[MANY, 4] words, one coordinate (or several) counted up, the others fixed."""
    start = {"seed": 2021, "replication": 3, "trainee": 1 << 20, "purpose": int(Purpose.REVIEW), "index": 5}
    places = ([start[name] + place * steps.get(name, 0) for name in MOST] for place in range(MANY))
    return np.array([draw(*place) for place in places], dtype=np.float64) / WORD


COUNTED = {name: stream(**{name: 1}) for name in ("seed", "replication", "trainee", "index")} | {
    "seed, high half": stream(seed=WORD)
}


@pytest.mark.parametrize("name", COUNTED)
def test_words_are_uniform_and_their_neighbours_strangers(name: str) -> None:
    words = COUNTED[name]
    for column in words.T:
        cells = np.histogram(column, 64, (0, 1))[0]
        pairs = np.histogram2d(column[:-1], column[1:], 12, ((0, 1), (0, 1)))[0]
        assert stats.chisquare(cells).pvalue > UNLIKELY
        assert stats.chisquare(pairs.ravel()).pvalue > UNLIKELY
    assert unrelated(words)


@pytest.mark.parametrize("other", ["seed", "replication", "purpose", "index"])
def test_the_same_doctors_with_other_luck_are_strangers(other: str) -> None:
    """Doctor by doctor, a word beside the word of the next seed, replication, purpose or index."""
    start = {"seed": 2021, "replication": 3, "purpose": int(Purpose.REVIEW), "index": 5}
    both = []
    for shift in (0, 1):
        moved = start | {other: start[other] + shift}
        rows = [draw(moved["seed"], moved["replication"], n, moved["purpose"], moved["index"]) for n in range(MANY)]
        both.append(np.array(rows, dtype=np.float64) / WORD)
    assert unrelated(np.hstack(both))
    pairs = np.histogram2d(both[0][:, 0], both[1][:, 0], 12, ((0, 1), (0, 1)))[0]
    assert stats.chisquare(pairs.ravel()).pvalue > UNLIKELY


def unrelated(words: np.ndarray) -> bool:
    """No two columns are correlated by more than four standard errors."""
    found = np.corrcoef(words, rowvar=False) - np.eye(words.shape[1])
    return bool(np.abs(found).max() < 4 / np.sqrt(len(words)))
