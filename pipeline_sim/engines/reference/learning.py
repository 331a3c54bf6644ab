"""Learning since the last settlement, and when the grade will end."""

from pipeline_sim.engines.reference.doctor import Doctor
from pipeline_sim.engines.reference.shared_state import SharedState
from pipeline_sim.rules import competence, extension, working_life
from pipeline_sim.rules.codes import NEVER, State

DOMAINS = range(4)
ACCRUES = (State.TRAINING, State.REDEPLOYED, State.SICK, State.OOPT)


def counted_days(shared: SharedState, doctor: Doctor, day: int) -> int:
    """Calendar days since the last settlement that count as training time."""
    days = day - doctor.since
    if doctor.state == State.SICK:
        limit = shared.rules.life.absence_limit.item(shared.stage(doctor))
        return working_life.counted_absence(days, doctor.absent_days, limit, doctor.wte)
    return days if doctor.state in ACCRUES else 0


def earned_and_taken(shared: SharedState, doctor: Doctor, day: int, domain: int, counted: int) -> tuple[int, int]:
    """Learning earned in one domain since the last settlement, and what shocks took."""
    book, weight = shared.rules.competence, shared.rules.programmes.weight.item(doctor.programme, domain)
    days = day - doctor.since
    if doctor.state == State.REDEPLOYED:
        taught = competence.ward_learning(days, weight, doctor.wte, book.ward_share.item(doctor.programme, domain))
        return taught, max(0, competence.lost(1000 * days, weight, doctor.wte) - taught)
    if doctor.state == State.SICK:
        return 0, competence.lost(1000 * counted, weight, doctor.wte) if doctor.isolating else 0
    if doctor.state == State.OOPT:
        return competence.earned(1000 * days, weight, doctor.wte, doctor.pace, 1000, 1000), 0
    group = shared.group(doctor)
    quality = 1000 if doctor.supervised else shared.rules.placements.unsupervised_share.item(group)
    place = (domain, book.row.item(doctor.programme), doctor.office)
    offered = book.opportunity_sum.item(*place, day) - book.opportunity_sum.item(*place, doctor.since)
    lost = book.taken_sum.item(*place, day) - book.taken_sum.item(*place, doctor.since)
    earned = competence.earned(offered, weight, doctor.wte, doctor.pace, doctor.post_pace, quality)
    return earned, competence.lost(lost, weight, doctor.wte)


def balances_on(shared: SharedState, doctor: Doctor, day: int) -> tuple[list[int], list[int]]:
    """Balances and unrecovered COVID losses by domain on a day; nothing is written."""
    counted = counted_days(shared, doctor, day)
    if day == doctor.since or doctor.state not in ACCRUES:
        return doctor.balance, doctor.covid
    programmes = shared.rules.programmes
    limit = 100 * programmes.grade_days.item(doctor.programme, doctor.grade)
    asked = competence.required_days(doctor.training_days, doctor.training_days + doctor.wte * counted, limit)
    standard = programmes.standard.item(doctor.programme)
    balance, covid = [], []
    for domain in DOMAINS:
        earned, taken = earned_and_taken(shared, doctor, day, domain, counted)
        weight = programmes.weight.item(doctor.programme, domain)
        balance.append(doctor.balance[domain] + earned - competence.required(weight, standard, asked))
        covid.append(doctor.covid[domain] + taken)
    return balance, covid


def accrue_learning(shared: SharedState, doctor: Doctor, day: int) -> None:
    """Accrue learning up to a day."""
    if day == doctor.since:
        return
    doctor.balance, doctor.covid = balances_on(shared, doctor, day)
    counted = counted_days(shared, doctor, day)
    days = day - doctor.since
    doctor.training_days += doctor.wte * counted
    if doctor.state == State.SICK:
        doctor.absent_days += days
        doctor.isolation_days += days * doctor.isolating
    elif doctor.state == State.REDEPLOYED:
        doctor.redeployed_days += days
    doctor.since = day


def gaps(balance: list[int], covid: list[int]) -> tuple[int, int]:
    """Gap in all domains, in whole curriculum days, and the part of it that is due to shocks."""
    behind = [competence.gap_of(b) for b in balance]
    covid_gap = sum(competence.due_to_covid(g, c) for g, c in zip(behind, covid, strict=True))
    return sum(behind) // 1000, covid_gap // 1000


def schedule_grade_end_and_review(shared: SharedState, doctor: Doctor, day: int) -> None:
    """Put the end of the grade and the next review in the diary. Learning must be accrued up to this day."""
    if doctor.state not in (State.TRAINING, State.REDEPLOYED, State.OOPT):
        doctor.progress_due = doctor.served = NEVER
        return
    programmes = shared.rules.programmes
    target = programmes.grade_days.item(doctor.programme, doctor.grade) + doctor.extension_days
    end = extension.grade_end(day, doctor.training_days, target, doctor.wte)
    if end <= shared.last_day:
        end = extension.snapped(end, shared.changeover(doctor, max(0, end - 1)))
    doctor.progress_due = doctor.served = end
    if doctor.queued:
        return
    if doctor.second_look:
        return
    book, critical = shared.rules.panels, programmes.critical.item(doctor.programme, doctor.grade)
    season, extended = season_review(shared, doctor, doctor.last_review), doctor.extension_days
    annual = extension.annual_due(season, doctor.last_review, doctor.last_outcome, book.sooner_days, doctor.asked)
    own = extension.grade_review_due(end, doctor.last_review, doctor.asked, doctor.lead, book.lead_first, extended)
    until = extension.one_review_until(annual, season, doctor.lead, book.lead_first, extended)
    window = extension.decides_within(book.lead_first, book.lead_spread, extended)
    own = extension.in_season(own, end, annual, until, window, book.lead_first)
    decides = extension.has_to_decide(critical, doctor.last_outcome, extended)
    settled = int(doctor.outcome > 0)
    doctor.review_due = extension.review_due(day, end, own, annual, window, until, decides, settled)


def season_review(shared: SharedState, doctor: Doctor, last_review: int) -> int:
    """Day of the season's review of a doctor that follows a review; NEVER once the run is over."""
    calendar, opens = shared.rules.calendar, extension.season_after(last_review, doctor.lead)
    if opens > shared.last_day:
        return NEVER
    return calendar.year_start.item(calendar.year_of.item(opens - 1) + 1) - doctor.lead
