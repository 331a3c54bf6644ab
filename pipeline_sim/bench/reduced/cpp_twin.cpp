// The reduced pipeline in C++: function by function the text of numba_model.py and numba_books.py, on the same memory.

#include <algorithm>
#include <cstdint>

using i8 = std::int8_t;
using i32 = std::int32_t;
using i64 = std::int64_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;

namespace {

constexpr i64 YEAR_DAYS = 364, WEEK_DAYS = 5;
constexpr i64 CHUNK = 15, DUE_PHASES = 3, DIGIT = 11, DIGITS = 1 << DIGIT, AHEAD = 16, LOG_AHEAD = 128;
constexpr i64 LOW = (i64{1} << 32) - 1;

enum Counter { ROWS_USED, FREE_ROWS, CHUNKS_USED, FREE_CHUNK, REQUESTS, LOGGED, ROOM, COUNTERS = 8 };
enum Phase { ENTER, REVIEW, FINISH, ROTATE, PLACE };
enum Kind { ENTERED, PASSED, EXTENDED, PROGRESSED, LEFT, ROTATED, GIVEN, REFUSED };
enum Purpose { FOR_ENTRY, FOR_PLACE, FOR_REVIEW };

struct Spec {
    i64 seed, replication, years, entrants, grades, offices, slots, grade_days, rotation_days, review_days, lead_days,
        lead_span, slowest, paces, tolerance_days, extension_days, most_extensions, part_time, pass_if_level,
        pass_if_behind;
};

struct Row {
    i32 planned, office, grade, working, pace, slot, rotation, lead;
    i32 review, finish, rotate, since, earned, began, extensions, entered;
};
static_assert(sizeof(Row) == 64);

struct Chunk {
    i64 turns[CHUNK];
    i64 link;  // count and, above four bits, the next chunk, or -1
};
static_assert(sizeof(Chunk) == 128);

struct Desk {
    i64 counters[COUNTERS];
    Spec spec;
    Row *rows;
    i32 *free_rows, *heads;
    Chunk *chunks;
    i64 *requests, *spare, *digits;
    i32 *day;
    i8 *phase;
    i32 *trainee;
    i8 *kind;
    i32 *amount;

    Row &row_of(i64 turn) const { return rows[turn & LOW]; }
    i64 &held(i64 office) { return reinterpret_cast<i64 *>(this + 1)[office]; }  // slots held stand behind the desk
};
static_assert(sizeof(Desk) == 40 * 8);

struct Words {
    i64 at[4];
};

Words philox4x32(u64 c0, u64 c1, u64 c2, u64 c3, u64 k0, u64 k1) {
    u32 x0 = u32(c0), x1 = u32(c1), x2 = u32(c2), x3 = u32(c3), y0 = u32(k0), y1 = u32(k1);
    for (int round = 0; round < 10; ++round) {
        const u64 product_0 = u64{0xD2511F53} * x0, product_1 = u64{0xCD9E8D57} * x2;
        x0 = u32(product_1 >> 32) ^ x1 ^ y0;
        x1 = u32(product_1);
        x2 = u32(product_0 >> 32) ^ x3 ^ y1;
        x3 = u32(product_0);
        y0 += 0x9E3779B9;
        y1 += 0xBB67AE85;
    }
    return {{x0, x1, x2, x3}};
}

Words random_words(const Spec &spec, i64 number, i64 purpose, i64 day) {
    return philox4x32(number, purpose, day, spec.seed >> 32, spec.seed, spec.replication);
}

// ---- rules --------------------------------------------------------------------------------------------------------

i64 uniform_index(i64 word, i64 count) { return (word * count) >> 32; }

i64 working_days(i64 word, i64 part_time) { return word < part_time ? 3 + (word & 1) : WEEK_DAYS; }

i64 planned_days(i64 grade_days, i64 working) { return (WEEK_DAYS * grade_days + working - 1) / working; }

i64 day_points(i64 working, i64 slot, i64 pace) { return working * (1 + slot) * pace; }

i64 required_points(i64 working, i64 planned, i64 served) { return 20 * working * std::min(served, planned); }

i64 next_changeover(i64 day, i64 rotation) { return (day / rotation + 1) * rotation; }

i64 next_review(i64 day, i64 review_days, i64 finish, i64 lead) { return std::min(day + review_days, finish - lead); }

// ---- books --------------------------------------------------------------------------------------------------------

void fetch_log(const Desk &desk, i64 place) {
    __builtin_prefetch(&desk.day[place], 1);
    __builtin_prefetch(&desk.phase[place], 1);
    __builtin_prefetch(&desk.trainee[place], 1);
    __builtin_prefetch(&desk.kind[place], 1);
    __builtin_prefetch(&desk.amount[place], 1);
}

void emit(Desk &desk, i64 day, i64 phase, i64 number, i64 kind, i64 amount) {
    const i64 place = desk.counters[LOGGED]++;
    if (place < desk.counters[ROOM]) {
        if ((place & 15) == 0) fetch_log(desk, place + LOG_AHEAD);
        desk.day[place] = i32(day);
        desk.phase[place] = i8(phase);
        desk.trainee[place] = i32(number);
        desk.kind[place] = i8(kind);
        desk.amount[place] = i32(amount);
    }
}

void push_event(Desk &desk, i64 bucket, i64 turn) {
    i64 chunk = desk.heads[bucket];
    i64 link = chunk >= 0 ? desk.chunks[chunk].link : chunk << 4 | CHUNK;
    if ((link & 15) == CHUNK) {
        link = chunk << 4;
        chunk = desk.counters[FREE_CHUNK];
        if (chunk < 0) {
            chunk = desk.counters[CHUNKS_USED]++;
        } else {
            desk.counters[FREE_CHUNK] = desk.chunks[chunk].link;
        }
        desk.heads[bucket] = i32(chunk);
    }
    desk.chunks[chunk].turns[link & 15] = turn;
    desk.chunks[chunk].link = link + 1;
}

void schedule(Desk &desk, const Row &row, i64 day, i64 phase, i64 turn) {
    const i64 now = day * DUE_PHASES + phase - 1, review = row.review * DUE_PHASES;
    i64 first = std::min(row.finish * DUE_PHASES + 1, row.rotate * DUE_PHASES + 2);
    if (now < review && review < first) first = review;
    if (first < desk.spec.years * YEAR_DAYS * DUE_PHASES) push_event(desk, first, turn);
}

// ---- one trainee --------------------------------------------------------------------------------------------------

void accrue_learning(Row &row, i64 day) {
    row.earned += i32((day - row.since) * day_points(row.working, row.slot, row.pace));
    row.since = i32(day);
}

void request_slot(Desk &desk, i64 turn) { desk.requests[desk.counters[REQUESTS]++] = turn; }

void release_slot(Desk &desk, Row &row) {
    desk.held(row.office) -= row.slot;
    row.slot = 0;
}

void begin_grade(const Spec &spec, Row &row, i64 day) {
    row.began = row.since = i32(day);
    row.earned = row.extensions = 0;
    row.finish = i32(day) + row.planned;
    row.review = i32(next_review(day, spec.review_days, row.finish, row.lead));
}

void enter(Desk &desk, i64 number, i64 grade, i64 day) {
    const Spec &spec = desk.spec;
    const i64 free = desk.counters[FREE_ROWS];
    const i64 i = free > 0 ? desk.free_rows[--desk.counters[FREE_ROWS]] : desk.counters[ROWS_USED]++;
    const i64 turn = number << 32 | i;
    Row &row = desk.row_of(turn);
    const Words words = random_words(spec, number, FOR_ENTRY, day);
    row.grade = i32(grade), row.entered = i32(day), row.slot = 0, row.pace = 10;
    row.office = i32(uniform_index(words.at[0], spec.offices));
    row.working = i32(working_days(words.at[1], spec.part_time));
    row.planned = i32(planned_days(spec.grade_days, row.working));
    row.rotation = i32(spec.rotation_days * (1 + uniform_index(words.at[2], 2)));
    row.lead = i32(spec.lead_days + uniform_index(words.at[3], spec.lead_span));
    row.rotate = i32(next_changeover(day, row.rotation));
    begin_grade(spec, row, day);
    emit(desk, day, ENTER, number, ENTERED, grade);
    request_slot(desk, turn);
    schedule(desk, row, day, ENTER, turn);
}

void review(Desk &desk, i64 turn, i64 day) {
    const Spec &spec = desk.spec;
    Row &row = desk.row_of(turn);
    const i64 number = turn >> 32, word = random_words(spec, number, FOR_REVIEW, day).at[0];
    accrue_learning(row, day);
    const i64 gap = required_points(row.working, row.planned, day - row.began) - row.earned;
    const i64 chance = gap > 100 * spec.tolerance_days ? spec.pass_if_behind : spec.pass_if_level;
    i64 kind = PASSED;
    if (word >= chance && row.extensions < spec.most_extensions) {
        kind = EXTENDED;
        row.extensions += 1;
        row.finish += i32(spec.extension_days);
    }
    emit(desk, day, REVIEW, number, kind, gap);
    row.review = i32(next_review(day, spec.review_days, row.finish, row.lead));
    schedule(desk, row, day, REVIEW, turn);
}

void finish(Desk &desk, i64 turn, i64 day) {
    Row &row = desk.row_of(turn);
    const i64 number = turn >> 32, grade = row.grade + 1;
    if (grade < desk.spec.grades) {
        row.grade = i32(grade);
        begin_grade(desk.spec, row, day);
        emit(desk, day, FINISH, number, PROGRESSED, grade);
        schedule(desk, row, day, FINISH, turn);
        return;
    }
    release_slot(desk, row);
    emit(desk, day, FINISH, number, LEFT, day - row.entered);
    desk.free_rows[desk.counters[FREE_ROWS]++] = i32(turn & LOW);
}

void rotate(Desk &desk, i64 turn, i64 day) {
    const Spec &spec = desk.spec;
    Row &row = desk.row_of(turn);
    const i64 number = turn >> 32, word = random_words(spec, number, FOR_PLACE, day).at[0];
    accrue_learning(row, day);
    release_slot(desk, row);
    row.pace = i32(spec.slowest + uniform_index(word, spec.paces));
    row.rotate = i32(next_changeover(day, row.rotation));
    emit(desk, day, ROTATE, number, ROTATED, row.pace);
    request_slot(desk, turn);
    schedule(desk, row, day, ROTATE, turn);
}

// ---- the day ------------------------------------------------------------------------------------------------------

void admit(Desk &desk, i64 day) {
    const Spec &spec = desk.spec;
    const i64 stock = spec.entrants * spec.grades, year = day / YEAR_DAYS;
    for (i64 number = day == 0 ? 0 : stock + spec.entrants * year; number < stock + spec.entrants * (year + 1); ++number)
        enter(desk, number, number < stock ? number % spec.grades : 0, day);
}

void fetch(const Desk &desk, i64 turn) { __builtin_prefetch(&desk.rows[turn & LOW], 1); }

void fetch_rows(const Desk &desk, const Chunk &chunk) {
    for (i64 place = 0; place < (chunk.link & 15); ++place) fetch(desk, chunk.turns[place]);
}

template <Phase phase>
void drain_bucket(Desk &desk, i64 day) {
    i32 &head = desk.heads[day * DUE_PHASES + phase - 1];
    i64 chunk = head;
    head = -1;
    if (chunk >= 0) fetch_rows(desk, desk.chunks[chunk]);
    while (chunk >= 0) {
        Chunk &here = desk.chunks[chunk];
        const i64 link = here.link;
        const Chunk &following = desk.chunks[std::max(link >> 4, i64{0})];
        for (i64 place = 0; place < (link & 15); ++place) {
            fetch(desk, following.turns[place]);
            if constexpr (phase == REVIEW) review(desk, here.turns[place], day);
            if constexpr (phase == FINISH) finish(desk, here.turns[place], day);
            if constexpr (phase == ROTATE) rotate(desk, here.turns[place], day);
        }
        here.link = desk.counters[FREE_CHUNK];
        desk.counters[FREE_CHUNK] = chunk;
        chunk = link >> 4;
    }
}

void sort_pass(const i64 *here, i64 *there, i64 *digits, i64 count, i64 shift) {
    std::fill_n(digits, DIGITS, 0);
    for (i64 place = 0; place < count; ++place) ++digits[here[place] >> shift & (DIGITS - 1)];
    i64 before = 0;
    for (i64 digit = 0; digit < DIGITS; ++digit) {
        const i64 many = digits[digit];
        digits[digit] = before;
        before += many;
    }
    for (i64 place = 0; place < count; ++place) there[digits[here[place] >> shift & (DIGITS - 1)]++] = here[place];
}

void allocate_slots(Desk &desk, i64 day) {
    const i64 count = desk.counters[REQUESTS];
    desk.counters[REQUESTS] = 0;
    sort_pass(desk.requests, desk.spare, desk.digits, count, 32);
    sort_pass(desk.spare, desk.requests, desk.digits, count, 32 + DIGIT);
    for (i64 place = 0; place < count; ++place) {
        if (place + AHEAD < count) fetch(desk, desk.requests[place + AHEAD]);
        const i64 turn = desk.requests[place];
        Row &row = desk.row_of(turn);
        i64 &held = desk.held(row.office);
        i64 kind = REFUSED;
        if (held < desk.spec.slots) {
            ++held;
            row.slot = 1;
            kind = GIVEN;
        }
        emit(desk, day, PLACE, turn >> 32, kind, row.office);
    }
}

void clear(Desk &desk) {
    const i64 room = desk.counters[ROOM];
    std::fill_n(desk.heads, desk.spec.years * YEAR_DAYS * DUE_PHASES, -1);
    std::fill_n(desk.counters, COUNTERS, 0);
    std::fill_n(&desk.held(0), desk.spec.offices, 0);
    desk.counters[FREE_CHUNK] = -1;
    desk.counters[ROOM] = room;
}

}  // namespace

// One run on the desk at an address; returns how many events there were.
extern "C" i64 play(Desk *at) {
    Desk &desk = *at;
    clear(desk);
    for (i64 day = 0; day < desk.spec.years * YEAR_DAYS; ++day) {
        if (day % YEAR_DAYS == 0) admit(desk, day);
        drain_bucket<REVIEW>(desk, day);
        drain_bucket<FINISH>(desk, day);
        drain_bucket<ROTATE>(desk, day);
        if (desk.counters[REQUESTS] > 0) allocate_slots(desk, day);
    }
    return desk.counters[LOGGED];
}
