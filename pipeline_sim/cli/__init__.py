"""The command line: `pipeline-sim COMMAND`. Checks what was typed, calls one command, prints; computes nothing."""


def main() -> None:
    """Entry point of `pipeline-sim`."""
    from pipeline_sim.cli.app import main as run

    run()
