"""Section 2.1: career paths of doctors as a Mermaid diagram, from the programmes of a world."""

from collections.abc import Iterable, Iterator

from pipeline_sim.report.stress_des.subject import Subject
from pipeline_sim.report.text.number_format import counted
from pipeline_sim.rules.codes import State
from pipeline_sim.world.schema.world import Programme, World

GRADUATES, ELSEWHERE, BREAK = "graduates", "elsewhere", "break"
CCT, LEFT = State.COMPLETED.name.lower(), State.LEFT.name.lower()


def diagram(subject: Subject) -> str:
    """Mermaid diagram of entries, stages, recruitment rounds and exits."""
    return "\n".join(["```mermaid", "flowchart LR", *(f"    {line}" for line in dict.fromkeys(lines(subject))), "```"])


def lines(subject: Subject) -> Iterator[str]:
    """Nodes and arrows of the diagram, with repetitions."""
    world, people = subject.world, subject.people
    for stage, programmes in stages(world).items():
        yield f'{node(stage)}["{stage}<br/>{counted(len(programmes), "programme")}"]'
        if any(each.stream is None for each in programmes):
            yield f'{GRADUATES}(["new F1 doctors"]) --> {node(stage)}'
        if any(each.stream_after is None for each in programmes):
            yield f'{node(stage)} --> {CCT}(["CCT"])'
        yield f'{node(stage)} -. "resigned, released" .-> {LEFT}(["left"])'
    for place, stream in enumerate(world.streams):
        pool = pool_of(world, stream.id)
        yield f'{pool}{{{{"rounds: {label(world, stream.id)}"}}}}'
        yield from (f"{node(stage)} --> {pool}" for stage in sources(world, stream.id))
        yield from (f"{pool} --> {node(stage)}" for stage in targets(world, stream.id))
        yield f'{pool} -. "stops applying" .-> {LEFT}'
        if people.external[:, :, place].any():
            yield f'{ELSEWHERE}(["from elsewhere"]) --> {pool}'
        if people.returners[:, place].any():
            yield f'{BREAK}(["on a break"]) --> {pool}'


def stages(world: World) -> dict[str, list[Programme]]:
    """Programmes by stage, in the order of the world."""
    by_stage: dict[str, list[Programme]] = {}
    for each in world.programmes:
        by_stage.setdefault(each.stage, []).append(each)
    return by_stage


def sources(world: World, stream: str) -> list[str]:
    """Stages after which doctors apply in a stream."""
    return distinct(each.stage for each in world.programmes if each.stream_after == stream)


def targets(world: World, stream: str) -> list[str]:
    """Stages that recruit from a stream."""
    return distinct(each.stage for each in world.programmes if each.stream == stream)


def pool_of(world: World, stream: str) -> str:
    """Node of a recruitment stream; streams between the same stages share one."""
    return "_".join(["after", *map(node, sources(world, stream)), "to", *map(node, targets(world, stream))])


def label(world: World, stream: str) -> str:
    """Label of a stream, or of the stages before several streams."""
    alike = [each for each in world.streams if pool_of(world, each.id) == pool_of(world, stream)]
    return alike[0].name if len(alike) == 1 else f"after {' or '.join(sources(world, stream))}"


def node(stage: str) -> str:
    """Mermaid identifier of a stage."""
    return stage.replace("-", "_")


def distinct(names: Iterable[str]) -> list[str]:
    """Names without repetitions, in order."""
    return list(dict.fromkeys(names))
