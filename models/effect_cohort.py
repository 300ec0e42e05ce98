"""Who could have got the help on a day, who got it, and what came of it: a trial that was not held.

The rules of a trial are laid over what was written down (target trial emulation):

- **time zero** is a peildatum on which a jongere may get the help and does not have it yet; a trial
  begins every month, and a jongere may be in several;
- **who got it** is who began within `GRACE_DAYS` after that day; who did not is in the other
  group, also when the help came later (as in a trial that is read by intention to treat);
- **outcomes count from the end of those days**, and for both groups alike only of who then still
  could have one. Else the jongeren with help could not have left while they waited for it, and
  would look the better for that alone (immortal-time bias);
- **what they are made alike in** is what was known on the peildatum, never later: the
  risicoprofiel, the school and the time. Sensitive attributes and age are not in it (TRUST F1).

References
----------
Hernán and Robins (2016), Using big data to emulate a target trial when a randomized trial is not
available, American Journal of Epidemiology 183. Hernán et al. (2016), Specifying a target trial
prevents immortal time bias and other self-inflicted injuries in observational analyses, Journal of
Clinical Epidemiology 79.
Anderson, Cain and Gelber (1983), Analysis of survival by tumor response, Journal of Clinical
Oncology 1 (counting from a landmark: here the end of the grace). Lipsitch, Tchetgen Tchetgen and
Cohen (2010), Negative controls, Epidemiology 21.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import polars as pl

from features.contract import Tables
from features.inschrijving import FAR, current, startkwalificaties
from features.labels import UitvalDefinition, plaatsing_geslaagd, uitval
from features.peildatum import RIJ, known, numbered, table
from features.registry import names
from features.risicoprofiel import FEATURES, population, risicoprofiel
from features.traject import traject_oordelen
from models.effect import Cohort
from models.effect_vraag import PLAATSING_MAANDEN, SoortHulp, Uitkomst, Vraag, begun
from models.history import FIRST_MONTHS, as_floats
from models.splitting import add_months, peildata_between

GRACE_DAYS = 28
"""Help that begins within so many days after a peildatum was got on it."""
WASHOUT_DAYS = 182
"""Begeleiding begins anew when a role did not seek contact for so long."""
MOST_TRIALS = 24
"""Monthly trials, the latest of which the outcome is known."""
RIPE_MAANDEN = 12
"""More months until most plaatsingen that began are over: of those that last, the outcome is not
known yet."""
MOST_ROWS = 60_000
"""With more rows a part of those without the help is drawn by lot: what the help did for who got it
stays the same, and memory does not grow with the region."""
BEFORE_DAYS = 28
"""Weeks just before a peildatum that became known only after it are the negative control."""
FEWEST_OF_SCHOOL = 30
"""A school with fewer rows is no column of its own."""
SCHOOL, TIME = "school ", "maand van de gegevens"


def effect_cohort(tables: Tables, vraag: Vraag, *, observed_until: date) -> Cohort:
    """Return everybody who could have got the help, one row per jongere and trial.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Canonical tables.
    vraag : Vraag
        Which help, and which outcome.
    observed_until : date
        Nothing known later is used; trials whose outcome is not due by then are left out.

    Returns
    -------
    Cohort
        Rows with a known outcome, ordered by peildatum and jongere; none when there are none.
    """
    every = trials(tables, vraag, observed_until=observed_until)
    spine = _drawn(every)
    frame, schools = _known_before(tables, spine)
    _, persons = np.unique(spine["jongere_id"].to_numpy(), return_inverse=True)
    return Cohort(
        frame.to_numpy().astype(np.float64),
        tuple(frame.columns),
        spine["kreeg"].to_numpy().astype(np.bool_),
        spine["uitkomst"].to_numpy().astype(np.float64),
        schools,
        persons.astype(np.int64),
        _known_late(tables, spine, observed_until),
        whole=spine.height == every.height,
    )


def trials(tables: Tables, vraag: Vraag, *, observed_until: date) -> pl.DataFrame:
    """Return who could have got the help on which day, who did, and the outcome.

    Returns
    -------
    DataFrame
        ``jongere_id``, ``peildatum``, ``kreeg``, ``vanaf`` (outcomes count from that day on) and
        ``uitkomst`` (0 or 1), ordered by peildatum and jongere. Who left or died before `vanaf`, or
        of whom the outcome is not known, has no row.
    """
    spine = _arms(tables, vraag, _could(tables, vraag, _peildata(tables, vraag, observed_until)))
    outcome = _outcome(tables, vraag, spine, observed_until)
    return spine.with_columns(uitkomst=pl.Series(outcome, dtype=pl.Float64)).filter(
        pl.col("uitkomst").is_not_nan()
    )


def _peildata(tables: Tables, vraag: Vraag, observed_until: date) -> tuple[date, ...]:
    """Return the first days of the months of which the outcome is due."""
    begin = table(tables, "inschrijving")["bekend_op"].min()
    if not isinstance(begin, date):
        return ()
    definition = UitvalDefinition()
    months = {
        Uitkomst.UITVAL: definition.maanden,
        Uitkomst.PLAATSING: PLAATSING_MAANDEN + RIPE_MAANDEN,
    }[vraag.uitkomst]
    wait = timedelta(days=definition.meldvertraging_dagen + GRACE_DAYS)
    last = add_months((observed_until - wait).replace(day=1), -months)
    found = peildata_between(add_months(begin, FIRST_MONTHS), last, months=1)
    return found[-MOST_TRIALS:]


def _could(tables: Tables, vraag: Vraag, days: Sequence[date]) -> pl.DataFrame:
    """Return who may get the help on each day and does not have it yet."""
    spine = population(tables, days)
    if vraag.uitkomst == Uitkomst.PLAATSING:
        spine = _without_stage(tables, days)
    if vraag.hulp == SoortHulp.TRAJECT:
        spine = _admitted(tables, vraag.naam, spine)
    had = begun(tables, vraag)
    if vraag.tegenover is not None:
        had = pl.concat([had, begun(tables, vraag, vraag.tegenover)])
    since = (pl.col("peildatum") - pl.col("datum")).dt.total_days()
    recent = since.is_between(0, WASHOUT_DAYS) if _renewed(vraag) else since >= 0
    busy = spine.join(had, on="jongere_id").filter(recent).select("jongere_id", "peildatum")
    return spine.join(busy.unique(), on=["jongere_id", "peildatum"], how="anti").sort(
        "peildatum", "jongere_id"
    )


def _renewed(vraag: Vraag) -> bool:
    return vraag.hulp == SoortHulp.BEGELEIDING


def _without_stage(tables: Tables, days: Sequence[date]) -> pl.DataFrame:
    """Return who was ever enrolled, has no startkwalificatie and no running stage, as known then.

    Who left school counts: a place is for them too.
    """
    calendar = pl.LazyFrame({"peildatum": list(days)}, schema={"peildatum": pl.Date})
    everyone = table(tables, "inschrijving").lazy().select("jongere_id").unique()
    rows = everyone.join(calendar, how="cross")
    day, keys = pl.col("peildatum"), ["jongere_id", "peildatum"]
    seen = known(tables, "inschrijving", rows).select(keys).unique()
    placed = known(tables, "stage", rows).filter(
        pl.col("begindatum") <= day, pl.coalesce("einddatum", pl.lit(FAR)) >= day
    )
    qualified = (
        startkwalificaties(tables)
        .join(calendar, how="cross")
        .filter(pl.col("bekend_op") <= day, pl.col("datum") <= day)
    )
    return (
        seen.join(placed.select(keys).unique(), on=keys, how="anti")
        .join(qualified.select(keys).unique(), on=keys, how="anti")
        .collect()
    )


def _admitted(tables: Tables, soort: str, spine: pl.DataFrame) -> pl.DataFrame:
    """Keep whom the rules of some traject of this soort admit, with all they ask known."""
    chosen = table(tables, "traject").filter(soort=soort)["traject_id"]
    ruled = table(tables, "traject_voorwaarde")["traject_id"].unique()
    if not chosen.is_in(ruled.implode()).all():
        return spine
    parts = []
    for (day,), rows in spine.group_by("peildatum", maintain_order=True):
        if not isinstance(day, date):
            raise TypeError("a peildatum is a date")
        oordelen = traject_oordelen(tables, rows["jongere_id"], peildatum=day)
        good = (
            oordelen.filter(pl.col("traject_id").is_in(chosen.implode()))
            .group_by("jongere_id", "traject_id")
            .agg(pl.col("voldoet").fill_null(value=False).all())
            .filter("voldoet")
        )
        parts.append(rows.join(good, on="jongere_id", how="semi"))
    return pl.concat(parts) if parts else spine


def _arms(tables: Tables, vraag: Vraag, spine: pl.DataFrame) -> pl.DataFrame:
    """Add ``kreeg`` (began within the grace) and ``vanaf`` (outcomes count from then)."""
    found = spine.with_columns(
        kreeg=_began(tables, vraag, spine, vraag.naam),
        vanaf=pl.col("peildatum") + pl.duration(days=GRACE_DAYS),
    )
    if vraag.tegenover is None:
        return found
    other = _began(tables, vraag, spine, vraag.tegenover)
    return found.filter(pl.col("kreeg") != other)


def _began(tables: Tables, vraag: Vraag, spine: pl.DataFrame, naam: str) -> pl.Series:
    after = (pl.col("datum") - pl.col("peildatum")).dt.total_days()
    keys = ["jongere_id", "peildatum"]
    started = (
        spine.join(begun(tables, vraag, naam), on="jongere_id")
        .filter(after.is_between(1, GRACE_DAYS))
        .select(keys)
        .unique()
        .with_columns(kreeg=pl.lit(value=True))
    )
    joined = spine.select(keys).join(started, on=keys, how="left", maintain_order="left")
    return joined["kreeg"].fill_null(value=False)


def _outcome(
    tables: Tables, vraag: Vraag, spine: pl.DataFrame, observed_until: date
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the outcome from the end of the grace on; NaN where it cannot be told."""
    rows = spine.select("jongere_id", peildatum="vanaf")
    if vraag.uitkomst == Uitkomst.UITVAL:
        return as_floats(uitval(tables, rows, observed_until=observed_until)["uitval"])
    return _plaatsing(tables, rows, spine["peildatum"], observed_until)


def _plaatsing(
    tables: Tables, rows: pl.DataFrame, begin: pl.Series, observed_until: date
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return whether a sustained plaatsing began in time; NaN for who had one in the grace."""
    stage = table(tables, "stage").filter(pl.col("bekend_op") <= observed_until)
    told = plaatsing_geslaagd(stage, observed_until=observed_until)
    places = stage.join(told, on="stage_id").select("jongere_id", "begindatum", "geslaagd")
    last = pl.col("peildatum").dt.offset_by(f"{PLAATSING_MAANDEN}mo")
    per_row = (
        rows.with_columns(begin=begin)
        .with_row_index(RIJ)
        .join(places, on="jongere_id")
        .filter(pl.col("begindatum") > pl.col("begin"), pl.col("begindatum") <= last)
        .group_by(RIJ)
        .agg(
            vroeg=(pl.col("begindatum") <= pl.col("peildatum")).any(),
            goed=pl.col("geslaagd").any(),
            open=pl.col("geslaagd").is_null().any(),
        )
        .select(
            RIJ,
            uitkomst=pl.when(pl.col("vroeg") | (pl.col("open") & ~pl.col("goed")))
            .then(float("nan"))
            .otherwise(pl.col("goed").cast(pl.Float64)),
        )
    )
    joined = rows.with_row_index(RIJ).join(per_row, on=RIJ, how="left", maintain_order="left")
    return joined["uitkomst"].fill_null(0.0).to_numpy()


def _drawn(spine: pl.DataFrame) -> pl.DataFrame:
    """Keep all rows with the help and as many of the others, by lot, as there is room for."""
    room = MOST_ROWS - int(spine["kreeg"].sum())
    if spine.height <= MOST_ROWS or room <= 0:
        return spine
    others = spine.filter(~pl.col("kreeg"))
    drawn = others.sample(room, seed=0)
    return pl.concat([spine.filter("kreeg"), drawn]).sort("peildatum", "jongere_id")


def _known_before(
    tables: Tables, spine: pl.DataFrame
) -> tuple[pl.DataFrame, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Return what to make alike, from what was known on the peildatum, and the number of a school.

    Who is at no school counts as a school of their own.
    """
    keys = spine.select("jongere_id", "peildatum")
    profile = risicoprofiel(tables, keys).select(names(FEATURES))
    enrolled = current(tables, numbered(keys)).select(RIJ, "instelling").collect()
    rows = keys.with_row_index(RIJ).join(enrolled, on=RIJ, how="left", maintain_order="left")
    school = rows["instelling"].fill_null("geen school")
    month = keys.select(
        (pl.col("peildatum").dt.year() * 12 + pl.col("peildatum").dt.month()).cast(pl.Float64)
    ).to_series()
    counted = school.value_counts().filter(pl.col("count") >= FEWEST_OF_SCHOOL)
    large = sorted(counted["instelling"])
    frame = profile.with_columns(
        month.alias(TIME),
        *((school == one).cast(pl.Float64).alias(f"{SCHOOL}{one}") for one in large[1:]),
    )
    varies = [name for name in frame.columns if frame[name].drop_nulls().n_unique() > 1]
    _, numbers = np.unique(school.to_numpy(), return_inverse=True)
    return frame.select(varies), numbers.astype(np.int64)


def _known_late(
    tables: Tables, spine: pl.DataFrame, observed_until: date
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the share of lessons missed before the peildatum that became known only after it.

    Help that came later cannot have changed it, and whoever chose by the registers cannot have
    known it. If the groups still differ in it, somebody knew more than the registers.
    """
    monday = (pl.col("peildatum") - pl.col("week")).dt.total_days()
    weeks = table(tables, "verzuim").filter(pl.col("bekend_op") <= observed_until)
    found = (
        spine.select("jongere_id", "peildatum")
        .with_row_index(RIJ)
        .join(weeks, on="jongere_id")
        .filter(monday.is_between(5, BEFORE_DAYS), pl.col("bekend_op") > pl.col("peildatum"))
        .group_by(RIJ)
        .agg(pl.col("uren_ongeoorloofd").sum(), pl.col("lesuren").sum())
        .filter(pl.col("lesuren") > 0)
        .select(RIJ, vooraf=pl.col("uren_ongeoorloofd") / pl.col("lesuren"))
    )
    rows = spine.with_row_index(RIJ).select(RIJ).join(found, on=RIJ, how="left")
    return as_floats(rows.sort(RIJ)["vooraf"])
