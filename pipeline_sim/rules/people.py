"""Who a doctor is: place of qualification, sex and age at entry, and the group that the three make."""

from pipeline_sim.base.compiler.jit import rule

SECOND_BAND, LAST_BAND = 25, 29  # ages at entry from which the later two of three bands begin
AGE_BANDS, SEXES, PLACES = 3, 2, 3
KINDS_OF_PEOPLE = PLACES * SEXES  # by which choices of specialty differ
GROUPS_OF_PEOPLE = KINDS_OF_PEOPLE * AGE_BANDS
NOBODY = GROUPS_OF_PEOPLE  # in place of a group, of a row that is about no doctor
BY_PLACE, BY_SEX = 1000, 100  # an age is below BY_SEX


@rule
def age_band(age: int) -> int:
    """Age band, 0 to 2, of an age at entry in years."""
    return int(age >= SECOND_BAND) + int(age >= LAST_BAND)


@rule
def people_group(qualified: int, woman: int, age: int) -> int:
    """Group of a doctor, 0 .. GROUPS_OF_PEOPLE - 1: Qualified, then sex (1 a woman), then age band."""
    return (qualified * SEXES + woman) * AGE_BANDS + age_band(age)


@rule
def is_woman(group: int) -> int:
    """Sex of a group: 1 for women, 0 for men."""
    return group // AGE_BANDS % SEXES


@rule
def kind_of(group: int) -> int:
    """Kind of a group, 0 .. KINDS_OF_PEOPLE - 1: Qualified, then sex."""
    return group // AGE_BANDS


@rule
def qualified_in(group: int) -> int:
    """Qualified code of a group."""
    return group // (SEXES * AGE_BANDS)


@rule
def attributes(qualified: int, woman: int, age: int) -> int:
    """Attributes in one number, as the log holds them: thousands Qualified, hundreds sex, the rest age at entry."""
    return qualified * BY_PLACE + woman * BY_SEX + age
