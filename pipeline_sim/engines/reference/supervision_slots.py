"""Placement desk of an office: at the end of a changeover it gives supervised slots."""

from pipeline_sim.engines.reference.doctor import Doctor
from pipeline_sim.engines.reference.learning import balances_on, gaps
from pipeline_sim.engines.reference.shared_state import SharedState
from pipeline_sim.rules.codes import Event, Phase, Purpose, State
from pipeline_sim.rules.supervision_slots import order_key

PRESENT = (State.TRAINING, State.REDEPLOYED, State.SICK)


class PlacementDesk:
    """Placement desk of one office."""

    def __init__(self, shared: SharedState, office: int) -> None:
        self.shared, self.office = shared, office

    def allocate(self, day: int) -> None:
        """Allocate slots: critical point ahead first, then the largest gap, then a keyed random rank."""
        requests, self.shared.placement_requests[self.office] = self.shared.placement_requests[self.office], {}
        here = [d for d in requests.values() if d.state in PRESENT and d.office == self.office]
        for doctor in sorted(here, key=lambda d: (self.rank(d, day), d.number)):
            group = self.shared.group(doctor)
            self.shared.release_slot(doctor)
            slots = self.shared.rules.placements.slots.item(self.shared.month(day), group, self.office)
            free = slots > self.shared.slots_held[group, self.office]
            doctor.supervised = int(free)
            self.shared.slots_held[group, self.office] += doctor.supervised
            self.shared.emit_for_doctor(day, Phase.PLACE, doctor, Event.PLACED, 0, doctor.supervised)

    def rank(self, doctor: Doctor, day: int) -> int:
        """Sort key of a request."""
        behind, _ = gaps(*balances_on(self.shared, doctor, day))
        critical = int(self.shared.rules.programmes.critical.item(doctor.programme, doctor.grade) > 0)
        word = self.shared.random_words(doctor.number, Purpose.PLACE, day)[1]
        return order_key(critical, behind, word)
