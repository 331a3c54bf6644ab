"""Luck against published answers, and against an independent telling that agrees with NumPy at 64 bits."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline_sim.base.philox import philox4x32

WORDS = st.integers(0, 2**32 - 1)
PUBLISHED = [  # counter, key, answer: rows `philox4x32 10` of tests/kat_vectors in Random123 1.14
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]


def philox4(counter, key, *, bits, multipliers, weyl):
    """Philox4 of ten rounds on Python integers, after Salmon et al. 2011, section 4.3."""
    mask = (1 << bits) - 1
    left_0, right_0, left_1, right_1 = counter
    for turn in range(10):
        round_key = [(word + turn * step) & mask for word, step in zip(key, weyl, strict=True)]
        high_0, low_0 = divmod(left_0 * multipliers[0], 1 << bits)
        high_1, low_1 = divmod(left_1 * multipliers[1], 1 << bits)
        left_0, right_0, left_1, right_1 = (
            high_1 ^ right_0 ^ round_key[0],
            low_1,
            high_0 ^ right_1 ^ round_key[1],
            low_0,
        )
    return left_0, right_0, left_1, right_1


plain_32 = partial(philox4, bits=32, multipliers=(0xD2511F53, 0xCD9E8D57), weyl=(0x9E3779B9, 0xBB67AE85))
plain_64 = partial(
    philox4,
    bits=64,
    multipliers=(0xD2E7470EE14C6C93, 0xCA5A826395121157),
    weyl=(0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B),
)


def words(text):
    """Hexadecimal words as integers."""
    return tuple(int(word, 16) for word in text.split())


@pytest.mark.parametrize(("counter", "key", "answer"), PUBLISHED)
def test_published_answers(counter, key, answer):
    assert philox4x32(*words(counter), *words(key)) == words(answer)
    assert plain_32(words(counter), words(key)) == words(answer)


@pytest.mark.parity
@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(
    st.tuples(*[st.integers(0, 2**64 - 2)] + [st.integers(0, 2**64 - 1)] * 3),
    st.tuples(*[st.integers(0, 2**64 - 1)] * 2),
)
def test_the_plain_telling_is_numpys_at_64_bits(counter, key):
    """NumPy adds one to its counter before the first block."""
    numpys = np.random.Philox(counter=np.array(counter, np.uint64), key=np.array(key, np.uint64)).random_raw(4)
    assert plain_64((counter[0] + 1, *counter[1:]), key) == tuple(int(word) for word in numpys)


@pytest.mark.parity
@settings(max_examples=500, deadline=None, derandomize=True, database=None)
@given(st.tuples(WORDS, WORDS, WORDS, WORDS), st.tuples(WORDS, WORDS))
def test_the_rule_is_the_plain_telling_at_32_bits(counter, key):
    assert philox4x32(*counter, *key) == plain_32(counter, key)


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(st.tuples(WORDS, WORDS, WORDS, WORDS), st.tuples(WORDS, WORDS), st.integers(0, 5), st.integers(1, 2**30))
def test_only_the_low_32_bits_of_a_word_count(counter, key, place, high):
    asked = [*counter, *key]
    lifted = [word + (high << 32) * (place == at) for at, word in enumerate(asked)]
    assert philox4x32(*lifted) == philox4x32(*asked)


def test_neighbouring_counters_share_half_of_their_bits():
    """Flipping one bit of the counter flips about half of the 128 bits of the block."""
    flipped = [
        sum(
            (a ^ b).bit_count()
            for a, b in zip(philox4x32(n, 2, 3, 4, 5, 6), philox4x32(n ^ 1, 2, 3, 4, 5, 6), strict=True)
        )
        for n in range(1000)
    ]
    assert np.mean(flipped) == pytest.approx(64, abs=1)
    assert min(flipped) > 30
