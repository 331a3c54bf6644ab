"""`python -m pipeline_sim.cli`: the same as `pipeline-sim`."""

from pipeline_sim.cli import main

main()
