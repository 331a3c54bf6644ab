"""The command line: `pipeline-sim COMMAND`. Checks what was typed, calls one command, prints; decides nothing else."""


def main() -> None:
    """Run the command that was typed; the entry point of `pipeline-sim`."""
    from pipeline_sim.cli.app import main as run

    run()
