"""All public files at once: made in memory, judged, and only then written."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from models.leerwerkplek import PlaatsingModel
from models.store import Champion, StoredCard
from models.uitvalrisico import UitvalrisicoModel
from service.errors import NoModelError
from service.publicatie.documentatie import DOSSIERS, dossier
from service.publicatie.feiten import Feiten, ModelFeiten, feiten_of, git_commit
from service.publicatie.modelkaart import Maker, modelkaart
from service.publicatie.organisatie import FILE, Antwoorden
from service.publicatie.registratie import ANSWERED, DATED, DATES, Ingevuld, fill_in
from service.publicatie.weergave import page

NEEDED = (UitvalrisicoModel.name, PlaatsingModel.name)
"""Models without which a region shows no scores; another that is not in use is left out."""
REPORT = "ontbreekt.md"


@dataclass(frozen=True)
class Uitgave:
    """The files by their place in the folder, and what the organisation must still say or mend."""

    bestanden: Mapping[str, str]
    ontbreekt: tuple[str, ...]

    @property
    def verslag(self) -> str:
        """What is missing, as a text for who must fill it in."""
        if not self.ontbreekt:
            return "# Wat nog ontbreekt\n\nNiets. Alles is ingevuld.\n"
        lines = "".join(f"- {one}\n" for one in self.ontbreekt)
        return f"# Wat nog ontbreekt\n\nVul dit in in {FILE} in de map met gegevens.\n\n{lines}"


def make(
    cards: Sequence[StoredCard],
    champions: Mapping[str, Champion],
    antwoorden: Antwoorden,
    *,
    op: datetime,
) -> Uitgave:
    """Return the public files of a region.

    Parameters
    ----------
    cards : sequence of StoredCard
        Of every stored model.
    champions : mapping of str to Champion
        The version of each model that is in use: what the register and the dossiers tell of.
    antwoorden : Antwoorden
        Of the organisation.
    op : datetime
        Now, with time zone.

    Raises
    ------
    NoModelError
        Of a model that a region needs no version is in use.
    """
    feiten = feiten_of(cards, champions, op=op.date())
    for name in NEEDED:
        if name not in feiten.modellen:
            raise NoModelError(name)
    entries = [fill_in(one, feiten, antwoorden) for one in feiten.modellen.values()]
    files = {f"algoritmeregister/{one.naam}.json": _json(one.velden) for one in entries}
    maker = Maker(git_commit(), feiten.code, op)
    for card in cards:
        if not card.altered:
            files |= _kaart(ModelFeiten(card), antwoorden, maker)
    for name in DOSSIERS:
        files |= _dossier(name, feiten, antwoorden)
    return Uitgave(files, tuple(_missing(entries, antwoorden)))


def write(uitgave: Uitgave, folder: Path, *, concept: bool) -> bool:
    """Write the files and the report; returns whether the files were written.

    What is not whole is written only as a concept, so that nobody publishes it by mistake.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / REPORT).write_text(uitgave.verslag, encoding="utf-8")
    if uitgave.ontbreekt and not concept:
        return False
    for name, text in uitgave.bestanden.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return True


def _missing(entries: Sequence[Ingevuld], antwoorden: Antwoorden) -> list[str]:
    """Return what is absent, and what the register would refuse for another reason."""
    absent = antwoorden.ontbreekt()
    keys = {one.sleutel for one in absent}
    told = {name for name, key in ANSWERED.items() if key in keys}
    told |= {DATES} if keys.intersection(DATED) else set()
    wrong = [
        f"Algoritmeregister, {one.naam}: {problem}"
        for one in entries
        for problem in one.problemen
        if problem.partition(":")[0] not in told
    ]
    return [f"{one.sleutel}: {one.vraag}" for one in absent] + wrong


def _kaart(model: ModelFeiten, antwoorden: Antwoorden, maker: Maker) -> dict[str, str]:
    made = modelkaart(model, antwoorden, maker)
    place = f"modelkaarten/{model.naam}-{model.versie}"
    data = made.model_dump(mode="json", by_alias=True, exclude_none=True)
    html = page("kaart.html", {"kaart": made, "model": model})
    return {f"{place}.json": _json(data), f"{place}.html": html}


def _dossier(name: str, feiten: Feiten, antwoorden: Antwoorden) -> dict[str, str]:
    made = dossier(name, feiten, antwoorden)
    html = page("dossier.html", {"dossier": made, "feiten": feiten})
    return {f"dossiers/{name}.json": _json(asdict(made)), f"dossiers/{name}.html": html}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
