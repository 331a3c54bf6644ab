"""`python -m pipeline_sim.cli`: `pipeline-sim` without its script."""

from pipeline_sim.cli import main

main()
