"""Does help help, for every kind of help of a region: asked of the store, kept as one file.

Only figures of groups are in it, and no effect where the data could not carry one.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from features.contract import Tables
from models.effect import Oordeel, judge_effect
from models.effect_cohort import effect_cohort
from models.effect_nuisance import Learner
from models.effect_vraag import Vraag
from models.effect_zinnen import aantal, hoe, naam_van, uitkomst_van, zinnen

FILE = "effecten.json"
KEY = ("hulp", "naam", "uitkomst", "tegenover")
"""What makes two answers about the same question."""

Antwoord = dict[str, Any]
"""One answer as plain data: the question, numbers, sentences and, where told, the figures."""


@dataclass(frozen=True)
class Gevraagd:
    """What to ask: the questions, the last day of which facts count, and the seed."""

    vragen: tuple[Vraag, ...]
    peildatum: date
    seed: int = 1
    learner: Learner | None = None


def judge_all(
    tables: Tables, gevraagd: Gevraagd, *, say: Callable[[str], None]
) -> Iterator[Antwoord]:
    """Answer every question, one after the other.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Canonical tables, without who objects.
    gevraagd : Gevraagd
        What to ask.
    say : callable
        Told each question that begins, in Dutch.
    """
    for vraag in gevraagd.vragen:
        say(f"{naam_van(vraag)} ({vraag.uitkomst})")
        cohort = effect_cohort(tables, vraag, observed_until=gevraagd.peildatum)
        oordeel = judge_effect(cohort, seed=gevraagd.seed, learner=gevraagd.learner)
        yield told(vraag, oordeel, gevraagd.peildatum)


def told(vraag: Vraag, oordeel: Oordeel, peildatum: date) -> Antwoord:
    """Put an answer in plain data; small numbers hidden, and no effect where it was refused."""
    refused = oordeel.weigering is not None
    return {
        "hulp": str(vraag.hulp),
        "naam": vraag.naam,
        "uitkomst": str(vraag.uitkomst),
        "tegenover": vraag.tegenover,
        "kop": naam_van(vraag),
        "telt": uitkomst_van(vraag),
        "hoe": hoe(vraag),
        "peildatum": peildatum.isoformat(),
        "weigering": str(oordeel.weigering) if oordeel.weigering is not None else None,
        "zinnen": list(zinnen(vraag, oordeel)),
        "jongeren": {"wel": aantal(oordeel.n_wel), "niet": aantal(oordeel.n_niet)},
        "effect": None if refused else _figures(oordeel),
        "overlap": None if oordeel.overlap is None else asdict(oordeel.overlap),
        "vooraf": None if oordeel.vooraf is None else asdict(oordeel.vooraf),
        "loting": None if oordeel.loting is None else asdict(oordeel.loting),
    }


def keep(folder: Path, answers: Iterable[Antwoord]) -> tuple[Antwoord, ...]:
    """Write answers over earlier ones to the same questions, and return all that are kept now.

    Parameters
    ----------
    folder : Path
        Where `FILE` lies; made when absent.
    answers : iterable of Antwoord
        As `judge_all` gives them.
    """
    kept = {_key(one): one for one in (*read_kept(folder), *answers)}
    ordered = tuple(kept[key] for key in sorted(kept))
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / FILE, ordered)
    return read_kept(folder)


def read_kept(folder: Path) -> tuple[Antwoord, ...]:
    """Return the answers that were kept, ordered by question; none when nothing was asked yet."""
    path = folder / FILE
    if not path.exists():
        return ()
    return tuple(json.loads(path.read_text(encoding="utf-8")))


def write(path: Path, answers: Iterable[Antwoord]) -> None:
    """Write answers as JSON, whole or not at all."""
    text = json.dumps(list(answers), ensure_ascii=False, indent=1, allow_nan=False)
    scratch = path.with_name(f".{path.name}.nieuw")
    scratch.write_text(text + "\n", encoding="utf-8", newline="\n")
    scratch.replace(path)


def _figures(oordeel: Oordeel) -> dict[str, Any]:
    return {
        "groep_met_hulp": None if oordeel.att is None else asdict(oordeel.att),
        "iedereen": None if oordeel.ate is None else asdict(oordeel.ate),
        "met": oordeel.met,
        "gewoon": oordeel.gewoon,
        "e_waarde": oordeel.e_waarde,
        "e_grens": oordeel.e_grens,
    }


def _key(answer: Antwoord) -> tuple[str, ...]:
    return tuple(answer[name] or "" for name in KEY)
