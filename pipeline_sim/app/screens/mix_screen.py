"""Screen “Mix”: lines of money, for whom and in which order, their sum and their ceilings; import and export."""

import streamlit as st

from pipeline_sim.app import mix_input
from pipeline_sim.app.estimate import LEAST_Q2, PROBE, estimator, spent_on, why_not
from pipeline_sim.app.html_parts import estimate_chart
from pipeline_sim.app.mix_input import mix_toml, parse_mix, short_label, with_lines
from pipeline_sim.app.scenario_layer import Scenario
from pipeline_sim.app.screens.session import Session, plain, told, value_of
from pipeline_sim.report.text.number_format import format_money, with_range
from pipeline_sim.world.interventions.own_mix import FIRST, MONTHS, amount_text
from pipeline_sim.world.schema.interventions import AnyEntry
from pipeline_sim.world.schema.mix import Line, MixSection

MILLION, BUDGETS = 1e6, tuple(map(float, range(5, 61, 5)))
ORDERS = {
    None: "as the catalogue has it", "largest_gap": "largest gap first", "critical_first": "critical review first",
    "first_come": "first come, first served", "nearest_to_line": "nearest to the line first",
}  # fmt: skip
SPLITS = {"by_trainees": "by number of trainees", "by_need": "by training lost"}


def mix_screen() -> None:
    """Build up to four mixes."""
    session = Session()
    st.title("Build a mix")
    start_from(session)
    mixes = session.question.mixes
    if not mixes:
        st.info("No mix yet: start from one that comes with the model, or import a file.")
        return
    place = st.radio(
        "Mix to change", range(len(mixes)), format_func=lambda at: plain(mixes[at].name), horizontal=True,
        key=f"{session.state.version}-place", index=len(mixes) - 1,
    )  # fmt: skip
    edit(session, place)


def start_from(session: Session) -> None:
    """Choice of a mix to start from: shipped, found by a search, or imported."""
    found = (sorted((job.result / "mixes").glob("*.toml"))[:1] for job in session.queue.jobs(session.owner))
    best = [parse_mix(file.read_text(encoding="utf-8")) for files in found for file in files]  # of each search
    known = session.base.mixes | {f"Best found: {mix.name}": mix for mix in best}
    label = st.selectbox("Start from", list(known))
    with told():
        if st.button("Add this mix"):
            session.add(known[label])
        given = st.file_uploader("Import a mix (TOML, at most 1 MB)", type=["toml"])
        if given is not None and session.state.get("imported") != given.file_id:
            session.state.imported = given.file_id
            mix = parse_mix(given.getvalue())
            mix_input.bought_by(session.base.layers, mix_toml(mix))
            session.add(mix)


def edit(session: Session, place: int) -> None:
    """Widgets of a mix."""
    mix, key = session.question.mixes[place], f"{session.state.version}-{place}"
    name = st.text_input("Name", key=value_of(f"{key}-name", mix.name), max_chars=mix_input.MOST_NAME).strip()
    own = value_of(f"{key}-budget", min(max(mix.budget.value, mix_input.LEAST_GBP), mix_input.MOST_GBP) / MILLION)
    millions = st.slider(
        "Budget, £m", mix_input.LEAST_GBP / MILLION, mix_input.MOST_GBP / MILLION, step=0.5, key=own, format="%.1f"
    )
    before = mix
    if name and name != mix.name:
        mix = mix.model_copy(update={"name": name})
    if millions != round(mix.budget.value / MILLION, 1):
        mix = with_lines(mix, mix.lines, round(millions * MILLION))
    summary = st.container()
    st.header("Lines")
    mix = with_lines(mix, tuple(edit_line(session, line, f"{key}-{at}") for at, line in enumerate(mix.lines)))
    if mix != before:
        session.replace(place, mix)
    if mix.name != before.name:  # the choice of a mix, above, has its name
        st.rerun()
    with summary, told():
        estimated(session, mix, millions)
        sums(session, place, mix)
    add_or_remove(session, place, mix)
    left, right = st.columns(2)
    left.download_button("Export this mix (TOML)", mix_toml(mix), "mix.toml", "text/plain", on_click="ignore")
    if right.button("Remove this mix"):
        session.replace(place, anew=True)
        st.rerun()


def edit_line(session: Session, line: Line, key: str) -> Line:
    """Widgets of a line; the line as they have it."""
    entry = session.base.entries.get(line.intervention)
    if entry is None:
        return line
    millions, label = round((line.gbp or 0.0) / MILLION, 3), f"{short_label(entry)}, £m"
    own = value_of(f"{key}-gbp", millions)
    given = st.number_input(label, 0.0, mix_input.MOST_GBP / MILLION, step=0.25, format="%.3f", key=own)
    if given != millions:
        line = line.model_copy(update={"gbp": float(round(given * MILLION))})
    with st.expander(f"For whom, price and evidence: {short_label(entry)}"):
        st.text(entry_text(entry))
        return edit_whom(session, line, entry, key)


def entry_text(entry: AnyEntry) -> str:
    """Price, ceiling and evidence of an intervention."""
    price = f"£{with_range(entry.unit_cost)}" if entry.unit_cost is not None else "a month of extension"
    ceiling = f"{with_range(entry.ceiling)} {entry.ceiling.unit}" if entry.ceiling is not None else "none"
    evidence = f"rows {', '.join(entry.evidence)} of the table of evidence" if entry.evidence else "no source"
    return (
        f"{entry.label}. Price of a {entry.unit}: {price}. Ceiling: {ceiling}. Effect on reviews: an assumption "
        f"(grade C); on learning: {evidence}.{f' {entry.note}.' if entry.note else ''}"
    )


def edit_whom(session: Session, line: Line, entry: AnyEntry, key: str) -> Line:
    """Widgets that say for whom a line is; the line as they have it."""
    world = session.base.world
    assert world.interventions is not None
    targets = {name: each.label for name, each in world.interventions.targets.items() if each.groups}
    names = {
        "groups": {group.id: group.name for group in world.groups} | targets,
        "offices": {office.id: office.name for office in world.offices},
        "regions": {name: name.replace("_", " ").capitalize() for name in world.regions},
    }
    chosen: dict[str, object] = {}
    for field, known in names.items():
        own = value_of(f"{key}-{field}", [each for each in getattr(line, field) if each in known])
        label = f"{field.capitalize()} (none: all)"
        chosen[field] = tuple(st.multiselect(label, list(known), format_func=known.__getitem__, key=own))
    own = value_of(f"{key}-split", line.split)
    chosen["split"] = st.selectbox("Shared over offices", list(SPLITS), format_func=SPLITS.__getitem__, key=own)
    if hasattr(entry, "order"):
        own = value_of(f"{key}-order", line.order)
        chosen["order"] = st.selectbox("Order of places", list(ORDERS), format_func=ORDERS.__getitem__, key=own)
    return line.model_copy(update={field: value for field, value in chosen.items() if value != getattr(line, field)})


def sums(session: Session, place: int, mix: MixSection) -> None:
    """Running sum of the lines, and what ceilings leave unspent; WorldError where the mix cannot be."""
    left = mix_input.short_of(mix)
    given = amount_text(mix.budget.value - left)
    if abs(left) >= 0.005:
        side = f"{amount_text(left)} is left to give" if left > 0 else f"{amount_text(-left)} too much"
        st.warning(f"The lines have {given} of {amount_text(mix.budget.value)}: {side}.")
        if st.button("Scale the lines to the budget"):
            session.replace(place, mix_input.scaled_to(mix, mix.budget.value), anew=True)
            st.rerun()
        return
    world, bought = mix_input.bought_by(session.base.layers, mix_toml(mix))
    spent = sum(int(each.spent.sum()) for each in bought.lines) / 100
    st.success(f"The lines have all of {given}; {format_money(spent)} of it can be spent.")
    for sentence in mix_input.unspent_sentences(world, bought):
        st.text(sentence)


def estimated(session: Session, mix: MixSection, millions: float) -> None:
    """Picture of what the lines are estimated to gain, scaled to every budget; or why there is none."""
    fit, world, probe = estimator(), session.base.world, session.settings.work / PROBE
    why = why_not(world, mix)
    if session.question.scenario != Scenario():
        why = "it is made for the scenario as recorded alone"
    elif not why and not probe.exists():
        why = "the program is just starting: change anything in a minute"
    elif not why and probe.read_text(encoding="utf-8") != fit.probe:
        why = "it was made for other figures, or by another version of the program"
    elif not why and fit.q2 < LEAST_Q2:
        why = f"it predicts mixes that it has not seen too poorly: Q² {fit.q2:.2f}"
    if why:
        st.caption(f"No estimate of the gain, because {why}. A run on the screen “Compare” says what it is.")
        return
    budgets = sorted({*BUDGETS, millions})
    spent = spent_on(world, [mix_input.scaled_to(mix, round(each * MILLION)) for each in budgets])
    points = [(each, fit.gain(own), fit.error(fit.gain(own))) for each, own in zip(budgets, spent, strict=True)]
    caption = (
        f"by budget, the lines scaled to it: a fit to runs of other mixes. Of {len(fit.unseen)} mixes that it has not "
        f"seen, 95 in 100 had means within the band (Q² {fit.q2:.2f}). A run on “Compare” says how sure a gain is."
    )
    st.html(estimate_chart(points, millions, caption))


def add_or_remove(session: Session, place: int, mix: MixSection) -> None:
    """Another line, or one less."""
    known = session.base.entries
    months = {name: MONTHS - round(entry.lead.value) for name, entry in known.items()}
    left, right = st.columns(2)
    names = [name for name in known if months[name] > 0]
    name = left.selectbox("Another line", names, format_func=lambda each: short_label(known[each]))
    if left.button("Add this line"):
        line = Line(intervention=name, gbp=0.0, split="by_trainees", start=FIRST, months=months[name])
        session.replace(place, with_lines(mix, (*mix.lines, line)), anew=True)
        st.rerun()
    lines = [f"{at}. {short_label(known[line.intervention])}" for at, line in enumerate(mix.lines, 1)]
    at = right.selectbox("Line to remove", range(len(lines)), format_func=lines.__getitem__)
    if right.button("Remove this line", disabled=len(lines) < 2):
        session.replace(place, with_lines(mix, (*mix.lines[:at], *mix.lines[at + 1 :])), anew=True)
        st.rerun()
