"""Career of one doctor by the Gold Guide: learn, rotate, be examined, be reviewed, go on, wait or leave."""

from collections.abc import Callable, Generator
from functools import partial

import simpy

from pipeline_sim.engines.reference import absence
from pipeline_sim.engines.reference.doctor import Doctor, four
from pipeline_sim.engines.reference.exams import Past, carry_gates, hold_parts, plan_exam, sit
from pipeline_sim.engines.reference.learning import accrue_learning, schedule_grade_end_and_review
from pipeline_sim.engines.reference.scheduled_turn import Turn
from pipeline_sim.engines.reference.shared_state import SharedState
from pipeline_sim.rules import arcp, recruitment, working_life
from pipeline_sim.rules.codes import NEVER, Event, Phase, Purpose, Stage, State
from pipeline_sim.rules.event_order import qualified_abroad
from pipeline_sim.rules.people import is_woman
from pipeline_sim.rules.random_numbers import bernoulli, uniform_index

Life = Generator[simpy.Event, tuple[int, int], None]


class Career:
    """Processes of doctors' careers; `shared` is the only thing that they share."""

    def __init__(self, shared: SharedState) -> None:
        self.shared = shared
        self.rules = shared.rules
        self.chapters: dict[Phase, Callable[[Doctor, int], None]] = {
            Phase.RETURN: self.return_to_work,
            Phase.EXAM: partial(sit, shared),
            Phase.REVIEW: self.ask_for_review,
            Phase.REVALIDATE: self.revalidate,
            Phase.PROGRESS: self.finish_grade,
            Phase.RESIGN: self.resign,
            Phase.YEAR: self.begin_year,
            Phase.LEAVE: self.go_away,
            Phase.ROTATE: self.rotate,
        }

    def follow(self, doctor: Doctor) -> Life:
        """Process of one doctor, from arrival to exit. A change of plans interrupts it; the diary is read again."""
        day, phase = int(self.shared.env.now), int(Phase.ENTER)
        while doctor.state < State.COMPLETED:
            due = doctor.next_turn(day, phase)
            try:
                day, phase = yield self.wait_for(doctor, *due)
                self.chapters[Phase(phase)](doctor, day)
            except simpy.Interrupt as news:
                day, phase = int(self.shared.env.now), int(news.cause or 0)

    def wait_for(self, doctor: Doctor, day: int, phase: int) -> simpy.Event:
        """Event of the next turn; a doctor with nothing in the diary waits for an interrupt."""
        if day >= self.shared.last_day:
            return self.shared.env.event()
        return Turn(self.shared.env, day, phase, doctor.number)

    # ---- taking up a post -------------------------------------------------------------------------------------

    def start(self, doctor: Doctor, day: int, phase: Phase, programme: int, office: int, grade: int, how: int) -> None:
        """Take up a training post and open the diary."""
        before = Past(doctor.programme, doctor.passed, doctor.part, doctor.attempts, doctor.result_day)
        doctor.programme, doctor.office, doctor.grade = programme, office, grade
        doctor.state, doctor.wte, doctor.supervised, doctor.queued = State.TRAINING, 100, 0, 0
        doctor.balance, doctor.covid = [0, 0, 0, 0], [0, 0, 0, 0]
        doctor.passed = doctor.extended_by = doctor.asked = doctor.support = 0
        doctor.part, doctor.attempts, doctor.awaited, doctor.result_day = four(), four(), four(), four()
        hold_parts(self.shared, doctor)
        carry_gates(self.shared, doctor, day, before)
        doctor.allowance_used = arcp.allowance_brought(self.shared.stage(doctor), doctor.allowance_used)
        doctor.programme_since = day
        doctor.last_outcome = doctor.redeployed_days = doctor.isolation_days = doctor.absent_days = doctor.isolating = 0
        doctor.wte = self.working_time(doctor, day)
        over = self.shared.take_post(doctor)
        self.shared.emit_for_doctor(day, phase, doctor, Event.STARTED, how, self.shared.stage(doctor), over)
        self.open_grade(doctor, day)
        doctor.last_review = day
        schedule_grade_end_and_review(self.shared, doctor, day)
        doctor.year_due = self.next_year(day - 1)
        doctor.rotation_due = self.shared.changeover(doctor, day)
        self.draw_post_pace(doctor, day)
        self.shared.ask_for_slot(doctor)
        self.resume_revalidation(doctor, day)

    def reopen(self, doctor: Doctor, day: int) -> None:
        """Read the diary again after a doctor's past has been filled in."""
        plan_exam(self.shared, doctor, day)
        schedule_grade_end_and_review(self.shared, doctor, day)

    def open_grade(self, doctor: Doctor, day: int) -> None:
        """Reset the records of a grade: nothing done, nothing decided."""
        doctor.since = doctor.grade_since = day
        doctor.training_days = doctor.extension_days = 0
        doctor.outcome = doctor.looks = doctor.second_look = doctor.lost = 0
        plan_exam(self.shared, doctor, day)

    def working_time(self, doctor: Doctor, day: int) -> int:
        """Working time this year, in per cent of full time; changed only at a start or a rotation."""
        book = self.rules.life
        column = working_life.ltft_column(doctor.grade, is_woman(doctor.people))
        share = book.ltft.item(self.shared.year(day), doctor.programme, column)
        words = doctor.propensity, doctor.level_word
        return working_life.working_time(*words, share, book.wte_levels, book.wte_cumulative)

    def draw_post_pace(self, doctor: Doctor, day: int) -> None:
        """Draw how well a placement suits this doctor."""
        word = self.shared.random_words(doctor.number, Purpose.PLACE, day)[0]
        table = self.rules.competence.post_pace
        doctor.post_pace = table.item(uniform_index(word, table.shape[0]))

    def rotate(self, doctor: Doctor, day: int) -> None:
        """Rotate at a changeover: perhaps a new working pattern, and a new placement to be given by the office."""
        accrue_learning(self.shared, doctor, day)
        wte = self.working_time(doctor, day)
        if wte != doctor.wte:
            was, doctor.wte = doctor.wte, wte
            self.shared.emit_for_doctor(day, Phase.ROTATE, doctor, Event.WTE_CHANGED, was, wte)
        self.shared.release_slot(doctor)
        self.shared.emit_for_doctor(
            day, Phase.ROTATE, doctor, Event.ROTATED, self.rules.programmes.pattern.item(doctor.programme)
        )
        doctor.rotation_due = self.shared.changeover(doctor, day)
        self.draw_post_pace(doctor, day)
        self.shared.ask_for_slot(doctor)
        schedule_grade_end_and_review(self.shared, doctor, day)

    # ---- review and progress ----------------------------------------------------------------------------------

    def ask_for_review(self, doctor: Doctor, day: int) -> None:
        """Send evidence to the panel, which decides later; a doctor on leave is reviewed after the return."""
        doctor.review_due = NEVER
        absent = arcp.away_outcome(int(doctor.state), doctor.returns_due - doctor.away_from)
        if absent == arcp.PUT_OFF:
            doctor.review_due = doctor.returns_due
            return
        if absent >= 0 and arcp.outcome_of(absent) == 0:
            self.shared.emit_for_doctor(day, Phase.REVIEW, doctor, Event.REVIEWED, arcp.reason_of(absent), 0)
            doctor.second_look = 0
            return
        doctor.queued, doctor.asked = 1, day
        self.shared.panel_queues[doctor.office][doctor.number] = doctor

    def finish_grade(self, doctor: Doctor, day: int) -> None:
        """Finish the time of a grade: on to the next one, complete, or wait in post for the panel."""
        accrue_learning(self.shared, doctor, day)
        if not arcp.passes(doctor.outcome) or doctor.queued or doctor.second_look:
            doctor.progress_due = NEVER  # the panel's decision puts it in the diary again
            return
        programmes = self.rules.programmes
        if doctor.grade + 1 >= programmes.grades.item(doctor.programme):
            self.complete(doctor, day)
            return
        doctor.grade += 1
        self.open_grade(doctor, day)
        self.shared.emit_for_doctor(day, Phase.PROGRESS, doctor, Event.PROGRESSED, doctor.grade - 1, doctor.grade)
        self.start_revalidation(doctor, day)
        schedule_grade_end_and_review(self.shared, doctor, day)

    def complete(self, doctor: Doctor, day: int) -> None:
        """Complete a programme: into the pool after foundation or core, else a CCT, perhaps with grace in post."""
        stage, length = self.shared.stage(doctor), day - doctor.programme_since
        stream = self.rules.programmes.stream_after.item(doctor.programme)
        if stream < 0:
            self.award_cct(doctor, day, stage, length)
            return
        years_out = years_before_applying(self.shared, doctor)
        after = State.POOL if years_out < GONE else State.LEFT
        self.shared.emit_for_doctor(day, Phase.PROGRESS, doctor, Event.COMPLETED, stage, after, length)
        self.close(doctor, after)
        if after == State.POOL:
            self.join_pool(doctor, stream, self.shared.year(min(day + 21, self.shared.last_day)) + years_out)

    def award_cct(self, doctor: Doctor, day: int, stage: int, length: int) -> None:
        """Award the certificate, with the recommendation that comes with it, and perhaps grace in the post."""
        words = self.shared.random_words(doctor.number, Purpose.GRACE, doctor.programme)
        after = State.GRACE if bernoulli(words[0], self.rules.life.grace.item(stage)) else State.COMPLETED
        late = working_life.revalidation_late(day, doctor.last_review, self.rules.revalidation.stale_days)
        self.shared.emit_for_doctor(day, Phase.PROGRESS, doctor, Event.REVALIDATED, 0, 0, late)
        self.shared.emit_for_doctor(day, Phase.PROGRESS, doctor, Event.COMPLETED, stage, after, length)
        self.close(doctor, after)
        if after == State.GRACE:
            table = self.rules.life.grace_days
            doctor.returns_due = day + table.item(uniform_index(words[1], table.shape[0]))
            self.shared.grace[doctor.number] = doctor

    def close(self, doctor: Doctor, after: int) -> None:
        """Leave the office's books; the post falls free unless grace keeps it."""
        self.shared.leave_office(doctor)
        if after != State.GRACE:
            self.shared.leave_post(doctor)
        doctor.state = after
        doctor.clear_diary()

    def join_pool(self, doctor: Doctor, stream: int, year: int) -> None:
        """Put a doctor into the pool, free to apply for a start in a training year or later."""
        doctor.state, doctor.stream, doctor.applies_from, doctor.wte = State.POOL, stream, year, 100
        self.shared.pool[doctor.number] = doctor

    # ---- life -------------------------------------------------------------------------------------------------

    def begin_year(self, doctor: Doctor, day: int) -> None:
        """Draw the events of a training year: resignation, parental leave, sickness, time out of programme.

        A doctor who is away on its first day still draws, so that nobody's random numbers move.
        """
        year = self.shared.year(day)
        accrue_learning(self.shared, doctor, day)
        length = self.rules.calendar.year_start.item(year + 1) - day
        absence.plan_resignation_and_parental(self.shared, doctor, day, year, length)
        absence.plan_sickness(self.shared, doctor, day, year, length)
        absence.plan_out_of_programme(self.shared, doctor, day, year)
        doctor.absent_days = 0
        doctor.year_due = self.next_year(day)

    def next_year(self, day: int) -> int:
        """First day of a training year after a day; NEVER once the run is over."""
        starts = self.rules.calendar.year_start
        following = starts.item(int(starts.searchsorted(day, side="right")))
        return following if following < self.shared.last_day else NEVER

    def go_away(self, doctor: Doctor, day: int) -> None:
        """Take the leave that is due; leave that falls while already away is not taken."""
        absence.go_away(self.shared, doctor, day)

    def return_to_work(self, doctor: Doctor, day: int) -> None:
        """Return from a COVID ward, from leave or from out of programme; or end grace in post."""
        if doctor.state == State.GRACE:
            self.shared.emit_for_doctor(day, Phase.RETURN, doctor, Event.GRACE_ENDED, State.GRACE, State.COMPLETED)
            self.shared.leave_post(doctor)
            del self.shared.grace[doctor.number]
            doctor.state = State.COMPLETED
            return
        gave_up_placement = doctor.state not in (State.SICK, State.REDEPLOYED)
        absence.come_back(self.shared, doctor, day)
        if gave_up_placement:
            doctor.rotation_due = self.shared.changeover(doctor, day)
            self.draw_post_pace(doctor, day)
            self.shared.ask_for_slot(doctor)

    def resign(self, doctor: Doctor, day: int) -> None:
        """Give up the training number; a higher trainee may apply again later."""
        accrue_learning(self.shared, doctor, day)
        stream = self.rules.programmes.stream.item(doctor.programme)
        comes_back = self.shared.stage(doctor) == Stage.HIGHER and bernoulli(
            self.shared.random_words(doctor.number, Purpose.POOL, 1 << 16 | doctor.programme)[0],
            self.rules.recruitment.again.item(qualified_abroad(doctor.number), stream),
        )
        after = State.POOL if comes_back else State.LEFT
        self.shared.emit_for_doctor(day, Phase.RESIGN, doctor, Event.RESIGNED, doctor.state, after)
        self.close(doctor, after)
        if comes_back:
            self.join_pool(doctor, stream, self.shared.year(day) + self.rules.recruitment.reapply_years)

    def start_revalidation(self, doctor: Doctor, day: int) -> None:
        """Start the clock of revalidation at the end of F1, with full registration."""
        if self.shared.stage(doctor) == Stage.FOUNDATION and doctor.grade == 1:
            self.set_revalidation(doctor, day + self.rules.revalidation.interval_days)

    def resume_revalidation(self, doctor: Doctor, day: int) -> None:
        """Resume revalidation; dates that passed outside training were met elsewhere."""
        due = doctor.revalidation_at
        while due <= day:
            due += self.rules.revalidation.interval_days
        self.set_revalidation(doctor, due)

    def set_revalidation(self, doctor: Doctor, due: int) -> None:
        """Put the recommendation in the diary, with any national postponement."""
        book = self.rules.revalidation
        doctor.revalidation_at = working_life.revalidation_due(
            due, book.postponed_from, book.postponed_to, book.postponed_days
        )
        doctor.revalidation_due = doctor.revalidation_at

    def revalidate(self, doctor: Doctor, day: int) -> None:
        """Make a recommendation from the last review, or a deferral; those outside training revalidate elsewhere."""
        book = self.rules.revalidation
        words = self.shared.random_words(doctor.number, Purpose.REVALIDATE, day)
        if bernoulli(words[0], book.defer):
            due = day + book.defer_days.item(uniform_index(words[1], book.defer_days.shape[0]))
            self.shared.emit_for_doctor(day, Phase.REVALIDATE, doctor, Event.REVALIDATED, 0, 1)
        else:
            due = day + book.interval_days
            late = working_life.revalidation_late(day, doctor.last_review, book.stale_days)
            self.shared.emit_for_doctor(day, Phase.REVALIDATE, doctor, Event.REVALIDATED, 0, 0, late)
        self.set_revalidation(doctor, due)


GONE = 4  # years out that mean never


def years_before_applying(shared: SharedState, doctor: Doctor) -> int:
    """Years out after foundation or core, drawn for the year in which F2 was to end; no extension redraws it."""
    if shared.stage(doctor) == Stage.FOUNDATION:
        cohorts = shared.rules.recruitment.after_f2
        row = cohorts[min(shared.year(doctor.grade_since) + 1, cohorts.shape[0] - 1)]
        return recruitment.years_out_after_f2(shared.seed, shared.replication, doctor.number, row)
    choice = recruitment.choice_after_core(
        shared.seed, shared.replication, doctor.number, shared.rules.recruitment.after_core
    )
    return choice if choice < 2 else GONE
