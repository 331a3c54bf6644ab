"""Turn: a SimPy event on a day, in a phase, for one trainee or office, so that the order of the model is data.

SimPy's heap is sorted by (time, priority, insertion). Here the priority is the turn key (phase, trainee), so that
insertion never decides.
"""

from simpy import Environment, Event

from pipeline_sim.rules.event_order import turn_key


class Turn(Event):
    """An event on a day, in a phase, for one trainee or office."""

    def __init__(self, env: Environment, day: int, phase: int, trainee: int) -> None:
        super().__init__(env)
        self._ok = True
        self._value = (day, phase)
        env.schedule(self, priority=turn_key(int(phase), trainee) + 2, delay=day - env.now)  # type: ignore[arg-type]
