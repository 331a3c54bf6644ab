"""Catalogue of the measures: unit and description of each; `count_measures` has the row masks, under equal names."""

from typing import NamedTuple


class MeasureEntry(NamedTuple):
    """Unit of a measure, and description of what is counted in a training year."""

    unit: str
    description: str


def _doctors(description: str) -> MeasureEntry:
    return MeasureEntry("doctors", description)


def _reviews(outcome: str) -> MeasureEntry:
    return MeasureEntry("reviews", f"reviews with {outcome}")


def _away(kind: str) -> MeasureEntry:
    return MeasureEntry("absences", f"absences begun: {kind}")


def _posts(kind: str) -> MeasureEntry:
    return MeasureEntry("posts", f"posts advertised in {kind}")


def _accepted(kind: str) -> MeasureEntry:
    return MeasureEntry("doctors", f"doctors with a post at the end of {kind}")


MEASURE_CATALOGUE: dict[str, MeasureEntry] = {
    "headcount": _doctors("in a programme on 31 March, those on leave and out of programme included"),
    "wte": MeasureEntry("hundredths of a whole-time doctor", "working time of those doctors, added up"),
    "gap_carried_days": MeasureEntry("curriculum days", "gaps at the end of the training year, added up"),
    "carrying_gap": _doctors("in a programme with a gap of a whole day or more at the end of the training year"),
    "not_assessed": MeasureEntry("reviews", "reviews that fell due on parental or sick leave and were postponed"),
    "o1": _reviews("outcome 1"),
    "o2": _reviews("outcome 2"),
    "o3": _reviews("outcome 3"),
    "o4": _reviews("outcome 4"),
    "o5": _reviews("outcome 5, incomplete evidence; the decision follows as a review of its own"),
    "o6": _reviews("outcome 6"),
    "o8": _reviews("outcome 8, out of programme"),
    "o10_1": _reviews("outcome 10.1"),
    "o10_2": _reviews("outcome 10.2"),
    "late_reviews": MeasureEntry("reviews", "reviews decided later than the day they were due"),
    "review_days_late": MeasureEntry("days", "days from the due day to the decision, added up over late reviews"),
    "extensions": MeasureEntry("extensions", "extensions decided; one doctor may have two"),
    "extension_days": MeasureEntry("whole-time days", "length of those extensions, less what was given back"),
    "extensions_3": MeasureEntry("extensions", "extensions by outcome 3"),
    "extension_days_3": MeasureEntry("whole-time days", "length of those extensions"),
    "extensions_10_2": MeasureEntry("extensions", "extensions by outcome 10.2, due to COVID"),
    "extension_days_10_2": MeasureEntry("whole-time days", "length of those extensions"),
    "ccts": _doctors("who completed a run-through, higher or GP programme"),
    "time_to_cct_days": MeasureEntry("days", "days from the start of that programme to the CCT, added up"),
    "ccts_extended": _doctors("those of them who were extended in that programme"),
    "core_completions": _doctors("who completed core training"),
    "foundation_completions": _doctors("who completed foundation"),
    "foundation_started_within_year": _doctors("those of them who then started in a programme within 330 days"),
    "resigned": _doctors("who gave up the training number"),
    "released": _doctors("released with outcome 4"),
    "revalidations": MeasureEntry("recommendations", "recommendations made, that with a CCT included"),
    "revalidations_late": MeasureEntry("recommendations", "those of them based on a review older than allowed"),
    "revalidations_deferred": MeasureEntry("recommendations", "recommendations deferred"),
    "advertised": _posts("all rounds; a post advertised again counts again"),
    "offers": _doctors("who had an offer in a round; two rounds count twice"),
    "accepted": _accepted("a round"),
    "advertised_first": _posts("the first round: CT1 and ST1 for August"),
    "accepted_first": _accepted("the first round"),
    "advertised_second": _posts("the second round: ST3 and ST4 for August"),
    "accepted_second": _accepted("the second round"),
    "advertised_readvert": _posts("the re-advertisement: what stayed empty, for August"),
    "accepted_readvert": _accepted("the re-advertisement"),
    "advertised_february": _posts("the round for February"),
    "accepted_february": _accepted("the round for February"),
    "offers_made": MeasureEntry("offers", "offers made in rounds, upgrades included"),
    "offers_again": MeasureEntry("offers", "those of them for posts declined earlier in the same round"),
    "unplaced": _doctors("who applied in a round and got no post; two rounds count twice"),
    "withdrew": _doctors("who did not take up an accepted post, or were not free in time"),
    "deferred": _doctors("who deferred an accepted start by a year"),
    "started": _doctors("who took up a post, foundation and those in post on the first day included"),
    "started_stock": _doctors("those of them who came through no round: F1, and those in post on the first day"),
    "supernumerary_starts": _doctors("those of them for whom there was no vacant post on the day"),
    "redeployed": MeasureEntry("redeployments", "redeployments begun; one doctor may have several"),
    "redeployed_weeks": MeasureEntry("weeks", "planned weeks on COVID wards"),
    "away_sick": _away("sickness, isolation or shielding"),
    "away_parental": _away("parental leave"),
    "away_oopt": _away("time out for approved training"),
    "away_oopr": _away("time out for research"),
    "away_oope": _away("time out for experience"),
    "away_oopc": _away("a career break"),
    "away_oopp": _away("a pause of training"),
    "returners": MeasureEntry("returns", "returns after more than 90 days away"),
    "returners_supported": MeasureEntry("returns", "those of them with support"),
    "transfers": MeasureEntry("transfers", "moves to another office"),
    "placements": MeasureEntry("placements", "placements given out"),
    "placements_unsupervised": MeasureEntry("placements", "those of them without a supervised slot"),
    "seats": MeasureEntry("places", "places on interventions taken up"),
    "seat_thousandths": MeasureEntry("thousandths of a curriculum day", "learning from places, gaps found excluded"),
}
