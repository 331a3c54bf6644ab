"""What every measure counts, and in what unit. The masks stand in `measures`, under the same names."""

from typing import NamedTuple


class Counted(NamedTuple):
    """Unit, and the sentence that says what is counted in a training year."""

    unit: str
    says: str


def _doctors(says: str) -> Counted:
    return Counted("doctors", says)


def _reviews(outcome: str) -> Counted:
    return Counted("reviews", f"reviews with {outcome}")


def _away(kind: str) -> Counted:
    return Counted("absences", f"beginnings of {kind}")


def _posts(kind: str) -> Counted:
    return Counted("posts", f"posts advertised in {kind}")


def _accepted(kind: str) -> Counted:
    return Counted("doctors", f"doctors with a post at the end of {kind}")


COUNTED: dict[str, Counted] = {
    "headcount": _doctors("in a programme on 31 March, those on leave and out of programme included"),
    "wte": Counted("% of full time", "working time of those counted, added up"),
    "gap_carried_days": Counted("curriculum days", "all gaps of doctors in a programme at the last census, added up"),
    "carrying_gap": _doctors("in a programme at the last census with a gap of a whole day or more"),
    "not_assessed": Counted("reviews", "reviews that fell due on parental or sick leave and were put off"),
    "o1": _reviews("outcome 1"),
    "o2": _reviews("outcome 2"),
    "o3": _reviews("outcome 3"),
    "o4": _reviews("outcome 4"),
    "o5": _reviews("outcome 5, incomplete evidence; the decision follows as a review of its own"),
    "o6": _reviews("outcome 6"),
    "o8": _reviews("outcome 8, out of programme"),
    "o10_1": _reviews("outcome 10.1"),
    "o10_2": _reviews("outcome 10.2"),
    "late_reviews": Counted("reviews", "reviews decided later than they were asked for"),
    "review_days_late": Counted("days", "days between asking and decision, added up over late reviews"),
    "extensions": Counted("extensions", "extensions decided; one doctor may have two"),
    "extension_days": Counted("whole-time days", "length of those extensions"),
    "extensions_3": Counted("extensions", "extensions by outcome 3"),
    "extension_days_3": Counted("whole-time days", "length of those extensions"),
    "extensions_10_2": Counted("extensions", "extensions by outcome 10.2, owed to COVID"),
    "extension_days_10_2": Counted("whole-time days", "length of those extensions"),
    "ccts": _doctors("who completed a run-through, higher or GP programme"),
    "time_to_cct_days": Counted("days", "days from the start of that programme to the CCT, added up"),
    "ccts_extended": _doctors("among them who were extended in that programme"),
    "core_completions": _doctors("who completed core training"),
    "foundation_completions": _doctors("who completed foundation"),
    "foundation_started_within_year": _doctors("among them who then started in a programme within 330 days"),
    "resigned": _doctors("who gave up the training number"),
    "released": _doctors("released with outcome 4"),
    "revalidations": Counted("recommendations", "recommendations made, that with a CCT included"),
    "revalidations_late": Counted("recommendations", "among them those that rest on a review older than it may be"),
    "revalidations_deferred": Counted("recommendations", "recommendations deferred"),
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
    "offers_made": Counted("offers", "offers made in rounds, upgrades included"),
    "offers_again": Counted("offers", "among them those of posts let go in the same round"),
    "unplaced": _doctors("who applied in a round and got no post; two rounds count twice"),
    "withdrew": _doctors("who did not take up an accepted post, or were not free in time"),
    "deferred": _doctors("who put an accepted start off by a year"),
    "started": _doctors("who took up a post, foundation and those in post on the first day included"),
    "started_stock": _doctors("among them who came through no round: F1, and those in post on the first day"),
    "supernumerary_starts": _doctors("among them for whom there was no free post on the day"),
    "redeployed": Counted("redeployments", "beginnings of redeployment; one doctor may have several"),
    "redeployed_weeks": Counted("weeks", "planned weeks on COVID wards"),
    "away_sick": _away("sickness, isolation or shielding"),
    "away_parental": _away("parental leave"),
    "away_oopt": _away("time out for approved training"),
    "away_oopr": _away("time out for research"),
    "away_oope": _away("time out for experience"),
    "away_oopc": _away("a career break"),
    "away_oopp": _away("a pause of training"),
    "returners": Counted("returns", "returns after more than 90 days away"),
    "returners_supported": Counted("returns", "among them those with support"),
    "transfers": _doctors("who moved to another office"),
    "placements": Counted("placements", "placements given out"),
    "placements_unsupervised": Counted("placements", "among them those without a supervised slot"),
    "seats": Counted("places", "places on interventions taken up"),
    "seat_thousandths": Counted("curriculum days / 1,000", "what places taught; gaps found are not in it"),
}
