"""`python -m pipeline_sim.bench [rounds]`: the compiled programs at full size, then all of them at a fiftieth."""

import sys
from collections.abc import Sequence

from pipeline_sim.bench.peers import ALL, COMPILED, Peer, absent, measure
from pipeline_sim.bench.reduced import Spec, sized

SMALL = 50  # divides the size for the programs in which a trainee is an object
HEAD = ("program", "seconds", "spread, %", "events", "events per second", "time of an event, C++ = 1")


def line(peer: Peer) -> tuple[str, ...]:
    """Cells of a program's row: medians, and the spread between rounds."""
    speed, spread = f"{peer.events_per_second:,.0f}", f"{100 * peer.spread:.0f}"
    return peer.name, f"{peer.median:.3g}", spread, f"{peer.events:,}", speed, f"{peer.ratio:.3g}"


def table(peers: Sequence[Peer]) -> str:
    """A Markdown table."""
    rows = [HEAD, ("---", *["---:"] * (len(HEAD) - 1)), *map(line, peers)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def main(rounds: int) -> None:
    """Measure and print."""
    print(table(measure(Spec(), COMPILED, rounds)), end="\n\n")
    print(table(measure(sized(Spec(), SMALL), ALL, rounds)))
    for name, why in absent().items():
        print(f"{name}: {why}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
