"""Sorting in place: lists by key, then trainee number; and the log by trainee within a phase of a day."""

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.base.compiler.pointers import int8_at, int16_at, int32_at, int64_at
from pipeline_sim.engines.batch.memory.layout import LOG_TYPES, Fault, Header, Memory

BITS = 8
BUCKETS = 1 << BITS
WIDTHS = tuple(kind.itemsize for kind in LOG_TYPES)
DAY, PHASE, TRAINEE = 0, 1, 2  # columns of the log


@kernel
def sort_scratch(m: Memory, count: int) -> None:
    """Sort the first `count` of the scratch list by key (at least 0), then by trainee number."""
    radix(m, count, Header.SCRATCH, 32)
    radix(m, count, Header.KEYS, 0)


@kernel
def radix(m: Memory, count: int, by: int, first_bit: int) -> None:
    """Stable radix sort by one of the two words, from `first_bit` on: eight bits at a time, where they differ."""
    differ = differing(m, count, by)
    bit = next_bit(differ, first_bit)
    while bit < 63:
        deal(m, count, by, bit)
        bit = next_bit(differ, bit + BITS)


@kernel
def next_bit(differ: int, bit: int) -> int:
    """First bit from `bit` on in which words differ; 63 if there is none."""
    while bit < 63 and differ >> bit & 1 == 0:
        bit += 1
    return bit


@kernel
def differing(m: Memory, count: int, by: int) -> int:
    """Bit set in which the words of a list differ."""
    words, differ = int64_at(m[by]), 0
    for place in range(1, count):
        differ |= words[place] ^ words[0]
    return differ


@kernel
def deal(m: Memory, count: int, by: int, bit: int) -> None:
    """One pass of the radix sort: count the digits, then move both words in their order."""
    count_digits(m, count, by, bit)
    digits, words = int64_at(m[Header.DIGITS]), int64_at(m[by])
    keys, who = int64_at(m[Header.KEYS]), int64_at(m[Header.SCRATCH])
    new_keys, new_who = int64_at(m[Header.SPARE_KEYS]), int64_at(m[Header.SPARE])
    for place in range(count):
        digit = words[place] >> bit & (BUCKETS - 1)
        target = digits[digit]
        digits[digit] = target + 1
        new_keys[target], new_who[target] = keys[place], who[place]
    m[Header.KEYS], m[Header.SPARE_KEYS] = m[Header.SPARE_KEYS], m[Header.KEYS]
    m[Header.SCRATCH], m[Header.SPARE] = m[Header.SPARE], m[Header.SCRATCH]


@kernel
def count_digits(m: Memory, count: int, by: int, bit: int) -> None:
    """Count the digits and where the words of each will begin."""
    digits, words = int64_at(m[Header.DIGITS]), int64_at(m[by])
    for digit in range(BUCKETS):
        digits[digit] = 0
    for place in range(count):
        digits[words[place] >> bit & (BUCKETS - 1)] += 1
    begins = 0
    for digit in range(BUCKETS):
        begins, digits[digit] = begins + digits[digit], begins


@kernel
def order_log(m: Memory) -> None:
    """Sort the rows of the log written since last time, all of one phase of one day, by trainee."""
    first, end = m[Header.LOG_ORDERED], m[Header.LOG_USED]
    m[Header.LOG_ORDERED] = end
    trainee = int32_at(m[Header.LOG_COLUMNS + TRAINEE])
    in_order = True
    for place in range(first + 1, end):
        in_order = in_order and trainee[place - 1] <= trainee[place]
    if in_order:
        return
    first, end = astray(m, first, end)
    if end - first > m[Header.MOST_LISTED]:
        m[Header.FAULT] = Fault.LOG_FULL
        return
    who, keys = int64_at(m[Header.SCRATCH]), int64_at(m[Header.KEYS])
    for place in range(first, end):
        who[place - first], keys[place - first] = place, trainee[place]
    sort_scratch(m, end - first)
    for column in range(len(WIDTHS)):
        if column not in (DAY, PHASE):
            permute(m, column, WIDTHS[column], first, end)


@kernel
def astray(m: Memory, first: int, end: int) -> tuple[int, int]:
    """Range [first, end) of rows of the log that must be sorted for all to be in order."""
    trainee = int32_at(m[Header.LOG_COLUMNS + TRAINEE])
    most, last = trainee[first], first
    for place in range(first, end):
        if trainee[place] < most:
            last = place + 1
        most = max(most, trainee[place])
    least, begins = trainee[last - 1], last
    for place in range(last - 1, first - 1, -1):
        if trainee[place] > least:
            begins = place
        least = min(least, trainee[place])
    return begins, last


@kernel
def permute(m: Memory, column: int, width: int, first: int, end: int) -> None:
    """Permute one column of the log into the order of the scratch list."""
    who, spare = int64_at(m[Header.SCRATCH]), int64_at(m[Header.SPARE])
    address = m[Header.LOG_COLUMNS + column]
    for place in range(end - first):
        at = who[place]
        if width == 1:
            spare[place] = int8_at(address)[at]
        elif width == 2:
            spare[place] = int16_at(address)[at]
        else:
            spare[place] = int32_at(address)[at]
    for place in range(end - first):
        if width == 1:
            int8_at(address)[first + place] = spare[place]
        elif width == 2:
            int16_at(address)[first + place] = spare[place]
        else:
            int32_at(address)[first + place] = spare[place]
