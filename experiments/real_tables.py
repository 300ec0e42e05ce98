"""Real (and one meaningless) tables of students: features, outcome, groups, sensitive columns.

Read from the folder beside the repository in which the public data lie; see the README there for
sources, licences and pitfalls. Every loader keeps to what was known at its horizon.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

DATA = Path(__file__).parents[2] / "shared" / "data"
MOST_ASSESSMENTS = 6
BEGINS = {"2013B": 0, "2013J": 242, "2014B": 365, "2014J": 607}
"""First days of the presentations (February and October), counted from the first."""


@dataclass(frozen=True)
class Task:
    """One row of the comparison.

    Parameters
    ----------
    name : str
        Data and horizon.
    frame : DataFrame
        One row per student; text columns are categories, the others numbers, null unknown.
    labels : array of shape (n_rows,)
        1 when the student dropped out (or failed, UCI 320).
    sensitive, undated : frozenset of str
        Columns that a second comparison leaves out: protected attributes and proxies; columns
        of which nobody says when they were read.
    groups : array of int, optional
        Number of the student where students recur.
    part : Series, optional
        Course or presentation of each row, for splits by cohort and by course.
    """

    name: str
    frame: pl.DataFrame
    labels: NDArray[np.float64]
    sensitive: frozenset[str]
    undated: frozenset[str] = frozenset()
    groups: NDArray[np.int64] | None = None
    parts: Mapping[str, pl.Series] = field(default_factory=dict)

    def without(self, columns: frozenset[str], why: str) -> "Task":
        """Return the same task without these columns."""
        kept = [name for name in self.frame.columns if name not in columns]
        return replace(self, name=f"{self.name}, {why}", frame=self.frame.select(kept))


UCI697_CATEGORIES = (
    "Marital status",
    "Application mode",
    "Course",
    "Previous qualification",
    "Nacionality",
    "Mother's qualification",
    "Father's qualification",
    "Mother's occupation",
    "Father's occupation",
)
UCI697_SENSITIVE = frozenset(
    {
        "Marital status",
        "Nacionality",
        "Mother's qualification",
        "Father's qualification",
        "Mother's occupation",
        "Father's occupation",
        "Educational special needs",
        "Gender",
        "Age at enrollment",
        "International",
    }
)
UCI697_UNDATED = frozenset({"Debtor", "Tuition fees up to date", "Scholarship holder"})
UCI697_HORIZONS = {
    "bij inschrijving": ("1st sem", "2nd sem"),
    "na semester 1": ("2nd sem",),
    "na semester 2": (),
}


def uci697() -> list[Task]:
    """Return the three horizons of UCI 697; Dropout against the rest."""
    raw = pl.read_csv(DATA / "uci697" / "data.csv", separator=";", encoding="utf8-lossy")
    raw = raw.rename({name: name.strip("\ufeff\t ") for name in raw.columns})
    labels = (raw["Target"] == "Dropout").cast(pl.Float64).to_numpy()
    frame = raw.drop("Target").with_columns(pl.col(UCI697_CATEGORIES).cast(pl.String))
    frame = frame.with_columns(pl.selectors.integer().cast(pl.Float64))
    return [
        Task(
            f"UCI 697, {horizon}",
            frame.select(
                name for name in frame.columns if not any(later in name for later in hidden)
            ),
            labels,
            UCI697_SENSITIVE,
            UCI697_UNDATED,
            parts={"Course": frame["Course"]},
        )
        for horizon, hidden in UCI697_HORIZONS.items()
    ]


UCI320_SENSITIVE = frozenset(
    [
        "sex",
        "age",
        "address",
        "famsize",
        "Pstatus",
        "Medu",
        "Fedu",
        "Mjob",
        "Fjob",
        "guardian",
        "famrel",
        "romantic",
        "Dalc",
        "Walc",
        "health",
        "nursery",
        "internet",
        "famsup",
    ]
)


def uci320() -> list[Task]:
    """Return mathematics and Portuguese, before any grade and after the first period."""
    found = []
    for course, title in (("mat", "wiskunde"), ("por", "Portugees")):
        raw = pl.read_csv(DATA / "uci320" / f"student-{course}.csv", separator=";")
        raw = raw.with_columns(pl.col("G1", "G2", "G3").cast(pl.String).str.strip_chars('"'))
        grades = raw.select(pl.col("G1", "G3").cast(pl.Float64))
        labels = (grades["G3"] < 10).cast(pl.Float64).to_numpy()
        early = raw.drop("G1", "G2", "G3").with_columns(pl.selectors.integer().cast(pl.Float64))
        found.append(Task(f"UCI 320 {title}, vooraf", early, labels, UCI320_SENSITIVE))
        later = early.with_columns(grades["G1"])
        found.append(Task(f"UCI 320 {title}, na periode 1", later, labels, UCI320_SENSITIVE))
    return found


def uitnodigingsregel() -> list[Task]:
    """Return the demo table of the invitation rule: invented, without signal."""
    path = DATA / "uitnodigingsregel" / "synth_data_train.tsv"
    raw = pl.read_csv(path, separator="\t", infer_schema_length=None)
    labels = raw["Dropout"].cast(pl.Float64).to_numpy()
    frame = raw.drop("Studentnummer", "Dropout").cast(pl.Float64)
    sensitive = frozenset({"StudentAge", "StudentGender"})
    return [Task("Uitnodigingsregel (geen signaal)", frame, labels, sensitive)]


OULAD_SENSITIVE = frozenset({"gender", "region", "imd_band", "age_band", "disability"})
ENROLMENT = ("code_module", "code_presentation", "id_student")
EDUCATION = (
    "No Formal quals",
    "Lower Than A Level",
    "A Level or Equivalent",
    "HE Qualification",
    "Post Graduate Qualification",
)
AGE = ("0-35", "35-55", "55<=")


def oulad() -> list[Task]:
    """Return days 0, 60 and 120 of OULAD; withdrawal among those still registered."""
    return [oulad_day(day) for day in (0, 60, 120)]


def oulad_day(day: int, *, marking_days: int = 0) -> Task:
    """Return who is registered on a day, what was known of them, and who withdrew later.

    Parameters
    ----------
    day : int
        Day of the presentation from which we look.
    marking_days : int
        A score counts so many days after the work was handed in; 0 is too early, because
        marking takes time; OULAD does not date it.
    """
    students = _registered(day)
    labels = (students["final_result"] == "Withdrawn").cast(pl.Float64).to_numpy()
    scores = _submissions(day, day - marking_days)
    frame = (
        students.join(_oulad("vle_pre_course"), on=ENROLMENT, how="left", maintain_order="left")
        .join(scores, on=ENROLMENT, how="left", maintain_order="left")
        .join(_due(day), on=ENROLMENT[:2], how="left", maintain_order="left")
        .join(_elsewhere(students, day), on=ENROLMENT, how="left", maintain_order="left")
        .with_columns(
            pl.col("^pre_course_.*|n_due.*|n_submitted.*|n_banked|elsewhere_.*$").fill_null(0),
            pl.col("highest_education").replace_strict(EDUCATION, range(5), default=None),
            pl.col("age_band").replace_strict(AGE, range(3), default=None),
            pl.col("imd_band").str.extract(r"^(\d+)").cast(pl.Float64),
            season=pl.col("code_presentation").str.slice(4),
            presentation=pl.concat_str("code_module", "code_presentation"),
        )
        .with_columns(n_missing=pl.col("n_due") - pl.col("n_submitted_due"))
    )
    kept = frame.drop("id_student", "date_unregistration", "final_result").with_columns(
        pl.selectors.integer().cast(pl.Float64), pl.selectors.boolean().cast(pl.Float64)
    )
    varied = [name for name in kept.columns if kept[name].n_unique() > 1]
    return Task(
        f"OULAD, dag {day}" + f", cijfers na {marking_days} dagen" * bool(marking_days),
        kept.select(varied),
        labels,
        OULAD_SENSITIVE,
        groups=students["id_student"].rank("dense").cast(pl.Int64).to_numpy(),
        parts={"code_presentation": kept["code_presentation"], "code_module": kept["code_module"]},
    )


def _registered(day: int) -> pl.DataFrame:
    """Return the enrolments that are registered on a day, with what was known from the start."""
    students = _oulad("studentInfo").join(_oulad("studentRegistration"), on=ENROLMENT)
    left, came = pl.col("date_unregistration"), pl.col("date_registration")
    return (
        students.join(_oulad("courses"), on=ENROLMENT[:2])
        .filter(left.is_null() | (left > day), came.is_null() | (came <= day))
        .sort(ENROLMENT)
    )


def _elsewhere(students: pl.DataFrame, day: int) -> pl.DataFrame:
    """Return what each student did in other presentations, as known on the day."""
    begin = pl.col("code_presentation").replace_strict(BEGINS, return_dtype=pl.Int64)
    every = (
        _oulad("studentInfo")
        .join(_oulad("studentRegistration"), on=ENROLMENT)
        .join(_oulad("courses"), on=ENROLMENT[:2])
        .with_columns(begin=begin)
    )
    now = pl.col("begin") + day
    end = pl.col("begin_right") + pl.col("module_presentation_length_right") + 30
    withdrawn = (pl.col("begin_right") + pl.col("date_unregistration_right") <= now).fill_null(
        value=False
    )
    result = pl.col("final_result_right")
    pairs = students.with_columns(begin=begin).join(every, on="id_student")
    return (
        pairs.filter(
            (pl.col("code_module") != pl.col("code_module_right"))
            | (pl.col("code_presentation") != pl.col("code_presentation_right"))
        )
        .group_by(ENROLMENT)
        .agg(
            elsewhere_withdrawn=withdrawn.sum(),
            elsewhere_failed=((end <= now) & (result == "Fail")).sum(),
            elsewhere_passed=((end <= now) & result.is_in(["Pass", "Distinction"])).sum(),
            elsewhere_busy=((pl.col("begin_right") <= now) & (end > now) & ~withdrawn).sum(),
        )
    )


def _submissions(day: int, marked_by: int) -> pl.DataFrame:
    """Return per enrolment what was handed in by a day, and the scores known by then."""
    handed = (
        _oulad("studentAssessment")
        .join(_oulad("assessments"), on="id_assessment")
        .filter(pl.col("date_submitted") <= day, pl.col("assessment_type") != "Exam")
        .with_columns(
            score=pl.col("score").cast(pl.Float64, strict=False),
            late=pl.col("date_submitted") - pl.col("date"),
            own=~pl.col("is_banked"),
            place=pl.col("date").rank("dense").over(ENROLMENT[:2]),
        )
        .sort("date_submitted")
    )
    marked = pl.col("date_submitted") <= marked_by
    scores = pl.col("score").filter(marked)
    return handed.group_by(ENROLMENT).agg(
        n_submitted=pl.len().cast(pl.Float64),
        n_banked=pl.col("is_banked").sum().cast(pl.Float64),
        n_submitted_due=(pl.col("date") <= day).sum().cast(pl.Float64),
        mean_score=scores.mean(),
        min_score=scores.min(),
        last_score=scores.last(),
        mean_late=pl.col("late").filter("own").mean(),
        last_late=pl.col("late").filter("own").last(),
        days_since=day - pl.col("date_submitted").filter("own").last().cast(pl.Float64),
        weight=pl.col("weight").sum(),
        points=(scores * pl.col("weight").filter(marked)).sum(),
        **{
            f"score_{place}": scores.filter(pl.col("place").filter(marked) == place).first()
            for place in range(1, MOST_ASSESSMENTS + 1)
        },
    )


def _due(day: int) -> pl.DataFrame:
    """Return per presentation how much work was due by a day."""
    work = _oulad("assessments").filter(pl.col("assessment_type") != "Exam")
    past = work.filter(pl.col("date") <= day)
    return past.group_by(ENROLMENT[:2]).agg(
        n_due=pl.len().cast(pl.Float64),
        n_due_tma=(pl.col("assessment_type") == "TMA").sum().cast(pl.Float64),
        days_since_due=day - pl.col("date").max().cast(pl.Float64),
    )


def _oulad(name: str) -> pl.DataFrame:
    path = DATA / "oulad" / f"{name}.csv.gz"
    return pl.read_csv(path, infer_schema_length=None, null_values=["", "?", "NA"])


LOADERS: dict[str, Callable[[], list[Task]]] = {
    "uci697": uci697,
    "oulad": oulad,
    "uci320": uci320,
    "uitnodigingsregel": uitnodigingsregel,
}
