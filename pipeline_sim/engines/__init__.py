"""Who goes next. Two tellings of one story; this room has never heard of a shock or an intervention."""

from pipeline_sim.engines.batch import run as batch
from pipeline_sim.engines.contract import Engine
from pipeline_sim.engines.reference import run as reference

ENGINES: dict[str, Engine] = {"reference": reference, "batch": batch}
