"""The Rulebook: every number that the engines may read, as integers. Made only by `world/lowering`.

Sizes: P programmes, O offices, G specialty groups, D 4 domains, L specialty groups and then
specialties with an opportunity of their own, Y training years (warm-up and reported),
T days, M calendar months, W weeks, S streams of applicants, E exams and courses, R rounds, K kinds of seat.
Unless said otherwise arrays are int32; thresholds are int64 in 0 .. 2**32, probability * 2**32;
a *cumulative* threshold row ends at 2**32 (or below it, where the rest means "none");
`_share` columns are parts per thousand; amounts of competence are thousandths of a curriculum day.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.base.shared_rows import SharedRows

Ints = npt.NDArray[np.int32]
Thresholds = npt.NDArray[np.int64]


class Calendar(NamedTuple):
    """Calendar; days count from the first day of warm-up, a first Wednesday of August."""

    year_start: Ints  # [Y+1] first day of each training year; the last entry is the end of the run
    year_of: Ints  # [T+1] training year of a day
    month_start: Ints  # [M+1] first day of each calendar month (the first is day 0)
    month_of: Ints  # [T+1] month of a day
    count_day: Ints  # [Y] day of the yearly headcount
    next_changeover: Ints  # [3, T+1] first open changeover strictly after a day, by Pattern; NEVER if none


class Programmes(NamedTuple):
    """Programmes, a row each."""

    stage: Ints  # [P] Stage
    group: Ints  # [P] specialty group
    grades: Ints  # [P] number of training years
    grade_days: Ints  # [P, 8] whole-time days required in each grade (364, less for a part year)
    critical: Ints  # [P, 8] Critical
    pattern: Ints  # [P] Pattern of changeovers
    weight: Ints  # [P, D] share of the curriculum in each domain, sums to 1000
    standard: Ints  # [P] what a review asks for, parts per thousand of a normal full-time day
    entry_year: Ints  # [P] postgraduate year in which it begins: 0 is F1, 2 CT1 or ST1, 4 ST3
    stream: Ints  # [P] stream that it recruits from, -1 none
    stream_after: Ints  # [P] stream that completers join; -1 means completion is a CCT
    allowance_days: Ints  # [P] extension allowed in total, exceptional part included, whole-time days
    first_exam_extension_days: Ints  # [P] fixed extension when only an exam is missing, calendar days


class Posts(NamedTuple):
    """Posts, and how many enter the model."""

    establishment: Ints  # [Y, P, O]
    intake: Ints  # [Y, P, O] most that the first round offers
    recruits: Ints  # [Y, P] 1 if the programme takes entrants who start in that year
    stock: Ints  # [P, 8, O] doctors in post on day 0
    graduates: Ints  # [Y, 2, O] new F1 doctors: August, and out of phase in February
    external: Ints  # [Y, 2, S] applicants from outside, by OUTSIDE, who first apply for a start in that year
    returners: Ints  # [3, S] former F2 doctors outside training on day 0 who apply for a start in year 1, 2, 3
    stretch: Ints  # [P] time in the programme so far of those in post on day 0, parts per thousand of what counted
    foundation: int  # programme index of foundation


class People(NamedTuple):
    """Who enters the model, drawn once for each doctor. `rules/people` has the 18 groups that the attributes make."""

    in_post: Thresholds  # [P, 3] cumulative: Qualified of those in post on day 0
    entrants: Thresholds  # [5, 3] cumulative: Qualified of the others, by Origin
    women: (
        Thresholds  # [P + 1 + S, 3] those in post on day 0, by programme; others; applicants, by stream; by Qualified
    )
    ages: Ints  # [16] equally likely ages at qualification, years
    years_before: Ints  # [16] equally likely years from then to training here, of those who qualified elsewhere
    selection_share: Ints  # [3] lasting ability that selection sees, parts per thousand, by Qualified


class Recruitment(NamedTuple):
    """Recruitment: rounds, and how doctors apply and answer."""

    rounds: Ints  # [R, 4] offer day, start day, RoundKind, training year of the start; in order of offer day
    opens: Ints  # [4, S] 1 if a stream may apply in that kind of round
    takes: Ints  # [4, P] 1 if a programme recruits in that kind of round
    ahead_days: Ints  # [4] days after the start within which a post must fall empty to be offered in that kind of round
    choice: Thresholds  # [Y, S x 6, P] cumulative: which programme is applied to, by stream and kind of people
    applications: Thresholds  # [3] cumulative: applies to 1, 2 or 3 programmes
    office_pull: Thresholds  # [O] cumulative: which office is ranked next
    home_first: int  # threshold: own office is ranked first
    ability_share: int  # part of a score that is lasting ability; the rest is random
    appointable: Ints  # [P] lowest appointable score, 0 .. 65535
    shortlist: int  # thousandths of an application for each post that a programme assesses, the best ones
    decline: int  # threshold: an offer is declined (out of that programme for the round)
    expire: int  # threshold: no answer in 48 hours (out of that programme for the round)
    firm: int  # threshold: accepts without asking for upgrades
    hold: int  # threshold: holds rather than accepts (matters for indicators; upgrades go on)
    defer: int  # threshold: an accepted start is deferred a year on statutory grounds
    withdraw: int  # threshold: withdraws before the start
    max_runs: int  # offer runs before the upgrade deadline
    reapply_years: int  # training years before a higher trainee who resigned may apply again
    exam_by_offers: Ints  # [S] year for whose posts on the exams of core are held by the offers; NEVER: by its end
    priority: Thresholds  # [R, 5] chance of an applicant from the pool, by Origin, to be offered posts first
    again: Thresholds  # [2, S] applies again next year after failing: UK graduates, doctors from abroad
    after_f2: Thresholds  # [Y, 5] cumulative: apply at once, 1, 2, 3 years out, gone; by year of F2 completion
    after_core: Thresholds  # [2] cumulative: apply at once, a year's gap, else gone


class Placements(NamedTuple):
    """Placements: supervised slots."""

    slots: Ints  # [M, G, O]
    unsupervised_share: Ints  # [G] speed of learning without a slot


class Competence(NamedTuple):
    """Competence. Prefix sums in thousandths of a normal day: earned over [a, b) = sum[b] - sum[a]."""

    opportunity_sum: SharedRows  # [D, L, O, T+1] with shocks and interventions
    taken_sum: SharedRows  # [D, L, O, T+1] what shocks took, before any intervention
    row: Ints  # [P] of these sums: the programme's specialty, or its group
    pace: Ints  # [18, 1024] quantiles of a person's lasting pace by group of people, parts per thousand
    post_pace: Ints  # [1024] quantiles of how a placement suits, parts per thousand
    ward_share: Ints  # [P, D] what a redeployed day teaches
    surplus_days: int  # most that may be carried ahead, days in all domains together
    ramp_days: int  # days of learning lost on return after over 90 days away
    ramp_days_supported: int  # the same with return-to-training support
    supported: Thresholds  # [M, O] a returner has that support, by month and office of the return


class Exams(NamedTuple):
    """Exams and mandatory courses (gates) and their parts, with sittings. E counts parts."""

    gate: Ints  # [P, 4] first part of an exam, or a course; -1 for none
    parts: Ints  # [P, 4] how many parts follow each other from there
    gate_from: Ints  # [P, 4] first grade that may sit
    gate_by: Ints  # [P, 4] grade by whose end it must be held
    on_entry: Ints  # [P, 4] 1 for an exam that entrants hold, unless it was postponed
    before: Ints  # [P, 4] bits of the programme's gates that must be held before this one is sat
    is_course: Ints  # [E]
    waivable: Ints  # [E] 1 where it is waived while gates are derogated, 0 where it never is
    after_grades: Ints  # [E] grades from the gate's first to the one in which the part opens
    after_days: Ints  # [E] days into that grade
    spread_days: Ints  # [E] days over which doctors spread their first sitting from then on; 0: all at once
    result_days: Ints  # [E] from a sitting to its result; 0: on the day
    entry_days: Ints  # [E] from a result to the first sitting that may still be entered
    next_sitting: Ints  # [E, T+1] first sitting on or after a day, held or not; NEVER if none
    places: Thresholds  # [E, M] chance of a place at a sitting in a month: 0 where it is cancelled
    held: Thresholds  # [E] chance of holding a part on entry, for those who hold the parts before it
    pass_first: Thresholds  # [E, 18] chance at the first attempt, average candidate of a group of people, on track
    attempt_step: Thresholds  # [E] taken off for each earlier attempt
    ability_step: Thresholds  # [E] added per standard rank of ability: (ability - 32768) * step / 32768
    gap_step: Thresholds  # [E] taken off per 10 days of knowledge gap
    max_attempts: Ints  # [E]
    valid_days: int  # of the certificate of a course


class Panels(NamedTuple):
    """ARCP panels."""

    capacity: Ints  # [W, O] reviews that a panel can decide in a week
    incomplete: Thresholds  # [M, 5] evidence incomplete, by month and stage
    evidence_lost: Thresholds  # [M, G] and evidence that COVID kept from being obtained, by month and group
    waiver_days: Ints  # [M, G] days of a gap due to COVID that do not count, by month and group
    derogation: Ints  # [T+1] bits OUTCOMES_DEROGATED and GATES_DEROGATED
    minor_days: Ints  # [5] gap from which competences are named, by stage
    major_days: Ints  # [5] gap not due to COVID from which extra time is needed, by stage
    lead_first: int  # review at least this many days before a grade ends
    lead_spread: int  # and up to this many more
    resolve_days: int  # outcome 5 is decided after this many days
    sooner_days: int  # next review after outcome 2
    foundation_has_2: int  # 0: outcome 2 is not used in foundation


class Extensions(NamedTuple):
    """Extensions: length of extra time."""

    step_days: int  # extensions come in steps of this many whole-time days
    gap_steps: Ints  # [4] largest gap in days served by 1, 2, 3 steps; above the third: 4


class Life(NamedTuple):
    """Working pattern, absence, out of programme, transfer, resignation."""

    ltft: Thresholds  # [Y, P, 8 x 2] part of doctors less than full time, by `working_life.ltft_column`
    wte_levels: Ints  # [L] working time when less than full time, per cent
    wte_cumulative: Thresholds  # [L]
    parental: Thresholds  # [5] per woman and year, by Stage
    parental_days: Ints  # [8] equally likely lengths
    sick: Thresholds  # [M, O] threshold of an episode in a year in which every month were like this one
    sick_days: Ints  # [16] equally likely lengths
    shield: Thresholds  # [M, O] the same for shielding or isolation due to a shock
    shield_days: int
    absence_limit: Ints  # [S] working days away in a year that still count as training
    oop: Thresholds  # [Y, P, 5] kind (OOPT, OOPR, OOPE, OOPC, OOPP): cumulative per year, rest none
    oop_days: Ints  # [5, 5, 8] Stage x kind, equally likely lengths
    long_absence_days: int  # a return after more than this is a return to training, which may be supported
    transfer: int  # threshold per window
    transfer_days_left: int  # of the programme, at least, for a transfer
    resign: Thresholds  # [P] per year
    strain_share: int  # added to resignation for each sign of strain
    grace: Thresholds  # [5] keeps the post after CCT, by stage
    grace_days: Ints  # [8] equally likely lengths, at most 182


class Revalidation(NamedTuple):
    """Recommendation to the GMC."""

    interval_days: int  # after the end of F1
    defer: int  # threshold
    defer_days: Ints  # [8] equally likely
    postponed_from: int  # due dates from this day ...
    postponed_to: int  # ... to before this day ...
    postponed_days: int  # are put back by so many days
    stale_days: int  # a review older than this makes the recommendation late


class Redeployment(NamedTuple):
    """Redeployment to COVID wards, drawn each week."""

    pull: Thresholds  # [W, G, O]
    weeks: Ints  # [16] equally likely lengths


class Seats(NamedTuple):
    """Intervention places for individuals, K kinds; K may be 0."""

    seats: Ints  # [K, M, O]
    domain: Ints  # [K] Domain, or FURTHEST_BEHIND; -1: worth only a gate
    dose: Ints  # [K, 12] thousandths of a curriculum day, by postgraduate year (0 is F1)
    time: Ints  # [K] the most that it can teach in the days attended, thousandths of a curriculum day
    displaced: Ints  # [K] learning in post that those days cost, all domains together, thousandths of a curriculum day
    gate: Ints  # [K] exam index that a seat is for, ANY_EXAM, -1 none
    clears: Thresholds  # [K] probability that it clears it
    raises: Thresholds  # [K] added to the chance to pass the next attempt at it
    sits: Ints  # [K] 1: its next part is sat on the day of the place, an extra sitting
    attempts: Ints  # [K] attempts at the part, before, that a place for an exam asks for
    order: Ints  # [K] SeatOrder
    rank: Ints  # [K, P] programmes of a lower rank go first, whatever the order
    groups: Ints  # [K, G] 1 if the group may have it
    least_gap: Ints  # [K] thousandths of a day that a doctor must be behind in the domain, as the office reads it
    finds: Ints  # [K] 1: the place teaches nothing, but from then on the doctor's gap is read as it is
    reading_error: int  # thousandths of a day by which a domain may be misread, up or down, until the gap is found


class Rulebook(NamedTuple):
    """Rulebook of a world: all that the engines read."""

    calendar: Calendar
    programmes: Programmes
    posts: Posts
    people: People
    recruitment: Recruitment
    placements: Placements
    competence: Competence
    exams: Exams
    panels: Panels
    extensions: Extensions
    life: Life
    revalidation: Revalidation
    redeployment: Redeployment
    seats: Seats
