"""The placement desk of an office: at the end of a changeover it hands out supervised slots."""

from pipeline_sim.engines.reference.doctor import Doctor
from pipeline_sim.engines.reference.learning import gaps, standing
from pipeline_sim.engines.reference.shared_state import Ledger
from pipeline_sim.rules.codes import Event, Phase, Purpose, State
from pipeline_sim.rules.supervision_slots import order_key

PRESENT = (State.TRAINING, State.REDEPLOYED, State.SICK)


class PlacementDesk:
    """One office's desk."""

    def __init__(self, ledger: Ledger, office: int) -> None:
        self.ledger, self.office = ledger, office

    def allocate(self, day: int) -> None:
        """Critical point ahead first, then the largest gap, then a keyed random rank; the rest learn more slowly."""
        requests, self.ledger.placement_requests[self.office] = self.ledger.placement_requests[self.office], {}
        here = [d for d in requests.values() if d.state in PRESENT and d.office == self.office]
        for doctor in sorted(here, key=lambda d: (self.rank(d, day), d.number)):
            group = self.ledger.group(doctor)
            self.ledger.release_slot(doctor)
            slots = self.ledger.rules.placements.slots.item(self.ledger.month(day), group, self.office)
            free = slots > self.ledger.slots_held[group, self.office]
            doctor.supervised = int(free)
            self.ledger.slots_held[group, self.office] += doctor.supervised
            self.ledger.say(day, Phase.PLACE, doctor, Event.PLACED, 0, doctor.supervised)

    def rank(self, doctor: Doctor, day: int) -> int:
        """The explicit order, as one integer."""
        behind, _ = gaps(*standing(self.ledger, doctor, day))
        critical = int(self.ledger.rules.programmes.critical.item(doctor.programme, doctor.grade) > 0)
        word = self.ledger.luck(doctor.number, Purpose.PLACE, day)[1]
        return order_key(critical, behind, word)
