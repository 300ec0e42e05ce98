"""Nobody talks around the gate: not alone, not red, not without a reason, not with other files."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from models.errors import AlteredModelError, ModelNotFoundError
from models.gate import Kleur
from models.store import EVALUATIE, OORDEEL_FILE
from service.aanmelden.accounts import create_gebruiker
from service.errors import NotFoundError, RefusedError, SamePersonError, Weigering
from service.modelbeheer.aanbieden import aanbieden
from service.modelbeheer.besluiten import afwijzen, goedkeuren, terugzetten
from service.modelbeheer.kampioenen import align, champions
from service.modelbeheer.oordeel import colour_of
from service.rechten.begrippen import Rol
from service.storage.engine import unit_of_work
from service.storage.gebruiker import GebruikerRepository
from service.storage.modelbesluit import ModelbesluitRepository
from tests.models.test_store import trained
from tests.service.modelbeheer.conftest import Beheer
from tests.service.promoveren import sign

PLAATSING = "plaatsing"


def champion(beheer: Beheer) -> str | None:
    with unit_of_work(beheer.engine, read_only=True) as session:
        found = champions(session).get(PLAATSING)
    return None if found is None else found.version


def approve(beheer: Beheer, versie: str, *, door: str = "keurder", reden: str = "") -> Kleur:
    return goedkeuren(beheer.engine, beheer.models, PLAATSING, versie, sign(reden, door))


def refused(beheer: Beheer, versie: str, *, door: str = "keurder", reden: str = "") -> Weigering:
    before = champion(beheer)
    with pytest.raises(RefusedError) as found:
        approve(beheer, versie, door=door, reden=reden)
    assert champion(beheer) == before
    return found.value.weigering


def test_a_second_person_approves_and_then_that_version_scores(beheer_overal: Beheer) -> None:
    versie = beheer_overal.offer()
    assert champion(beheer_overal) is None

    assert approve(beheer_overal, versie) is Kleur.GROEN
    assert champion(beheer_overal) == versie
    assert beheer_overal.models.load(PLAATSING).version == versie


def test_who_trained_may_not_approve(beheer: Beheer) -> None:
    versie = beheer.offer()

    with pytest.raises(SamePersonError):
        approve(beheer, versie, door="trainer")
    assert champion(beheer) is None


def test_a_version_of_an_unknown_trainer_is_never_promoted(beheer: Beheer) -> None:
    assert refused(beheer, beheer.offer(trainer="")) is Weigering.TRAINER_ONBEKEND


def test_red_is_refused_to_everybody_whatever_the_reason(beheer: Beheer) -> None:
    versie = beheer.offer(Kleur.ROOD)

    for door in ("keurder", "derde"):
        assert refused(beheer, versie, door=door, reden="een heel goede reden") is (
            Weigering.MODEL_ROOD
        )


def evaluated(beheer: Beheer, versie: str, kleur: Kleur) -> None:
    """Write what `vangnet evaluate` says of a version beside its run."""
    folder = beheer.models.artifacts(PLAATSING, versie) / EVALUATIE
    folder.mkdir(exist_ok=True)
    told = {"kleur": kleur.value, "zinnen": ["Een zin."]}
    (folder / OORDEEL_FILE).write_text(json.dumps(told), encoding="utf-8")


def test_a_version_that_finds_something_in_chance_is_refused_to_everybody(beheer: Beheer) -> None:
    versie = beheer.offer()
    evaluated(beheer, versie, Kleur.ROOD)

    assert refused(beheer, versie, reden="een heel goede reden") is Weigering.EVALUATIE_ROOD
    (card,) = beheer.models.cards()
    assert colour_of(card, None) is Kleur.ROOD
    assert card.evaluatie["zinnen"] == ["Een zin."]

    evaluated(beheer, versie, Kleur.ORANJE)
    assert refused(beheer, versie) is Weigering.REDEN_NODIG
    evaluated(beheer, versie, Kleur.GROEN)
    assert approve(beheer, versie) is Kleur.GROEN


def test_orange_and_too_little_data_ask_a_reason_also_for_the_first_model(beheer: Beheer) -> None:
    for kleur in (Kleur.ORANJE, Kleur.TE_WEINIG, None):
        versie = beheer.offer(kleur)

        assert refused(beheer, versie) is Weigering.REDEN_NODIG
        assert refused(beheer, versie, reden="  te kort    ") is Weigering.REDEN_NODIG
    assert approve(beheer, versie, reden="samen besproken") is Kleur.TE_WEINIG


def test_only_an_open_account_of_an_analyst_approves(beheer: Beheer) -> None:
    versie = beheer.offer()
    with unit_of_work(beheer.engine) as session:
        create_gebruiker(session, "beheerder", None, [Rol.BEHEERDER])
        closed = create_gebruiker(session, "weg", None, [Rol.ANALIST])
        GebruikerRepository(session).set_actief(closed.id, actief=False)

    for door in ("beheerder", "weg", "bestaat niet"):
        assert refused(beheer, versie, door=door) is Weigering.GEEN_ANALIST


def test_who_is_no_analyst_offers_nothing(beheer: Beheer) -> None:
    version = beheer.models.save(trained(1))

    with pytest.raises(RefusedError):
        aanbieden(
            beheer.engine,
            beheer.models,
            PLAATSING,
            version,
            trainer="onbekend",
            op=datetime.now(UTC),
        )
    assert refused(beheer, version) is Weigering.NIET_AANGEBODEN


def test_altered_files_are_refused(beheer: Beheer, tamper: Callable[[], None]) -> None:
    versie = beheer.offer()
    tamper()

    with pytest.raises(AlteredModelError):
        approve(beheer, versie)
    assert champion(beheer) is None


def test_files_that_changed_with_their_hash_after_the_offer_are_refused(
    beheer: Beheer, tamper: Callable[[], None]
) -> None:
    versie = beheer.offer()
    tamper()
    with pytest.raises(AlteredModelError) as found:
        beheer.models.load(PLAATSING, versie)
    client = beheer.models._client
    client.set_model_version_tag(PLAATSING, versie, "sha256", found.value.found)
    assert beheer.models.load(PLAATSING, versie).version == versie

    with pytest.raises(AlteredModelError):
        approve(beheer, versie)
    assert champion(beheer) is None


def test_what_is_not_there_is_not_found(beheer: Beheer) -> None:
    beheer.offer()

    with pytest.raises(ModelNotFoundError):
        approve(beheer, "9")
    with pytest.raises(NotFoundError):
        goedkeuren(beheer.engine, beheer.models, "verzonnen", "1", sign())
    with pytest.raises(NotFoundError):
        terugzetten(beheer.engine, beheer.models, "verzonnen", sign())


def test_a_refused_version_stays_refused_and_the_champion_is_not_refused(beheer: Beheer) -> None:
    first, second = beheer.offer(), beheer.offer()
    approve(beheer, first)
    afwijzen(beheer.engine, beheer.models, PLAATSING, second, sign("groepen verschillen te veel"))

    assert refused(beheer, second, reden="toch maar wel") is Weigering.MODEL_AFGEWEZEN
    assert refused(beheer, first) is Weigering.AL_IN_GEBRUIK
    with pytest.raises(RefusedError):
        afwijzen(beheer.engine, beheer.models, PLAATSING, first, sign("een andere reden"))
    third = beheer.offer()
    with pytest.raises(RefusedError):
        afwijzen(beheer.engine, beheer.models, PLAATSING, third, sign("kort"))


def test_one_step_returns_to_the_version_before_and_never_to_what_was_left(
    beheer: Beheer,
) -> None:
    versies = [beheer.offer() for _ in range(3)]
    for versie in versies:
        approve(beheer, versie, reden="samen gelezen en goed")
    steps = []
    for _ in range(2):
        terugzetten(beheer.engine, beheer.models, PLAATSING, sign("", "trainer"))
        steps.append((champion(beheer), beheer.models.load(PLAATSING).version))

    assert steps == [(versies[1], versies[1]), (versies[0], versies[0])]
    with pytest.raises(RefusedError) as nothing:
        terugzetten(beheer.engine, beheer.models, PLAATSING, sign())
    assert nothing.value.weigering is Weigering.GEEN_VORIGE
    approve(beheer, versies[2], reden="nu wel goed bevonden")
    assert terugzetten(beheer.engine, beheer.models, PLAATSING, sign()) == versies[0]


def test_a_return_never_leads_to_a_version_that_was_refused_after_its_reign(
    beheer: Beheer,
) -> None:
    versies = [beheer.offer() for _ in range(3)]
    for versie in versies:
        approve(beheer, versie, reden="samen gelezen en goed")
    afwijzen(beheer.engine, beheer.models, PLAATSING, versies[1], sign("bleek achteraf onjuist"))
    assert champion(beheer) == versies[2]

    assert terugzetten(beheer.engine, beheer.models, PLAATSING, sign()) == versies[0]
    with pytest.raises(RefusedError) as nothing:
        terugzetten(beheer.engine, beheer.models, PLAATSING, sign())
    assert nothing.value.weigering is Weigering.GEEN_VORIGE


def test_a_version_that_was_not_held_beside_the_champion_of_now_asks_a_reason(
    beheer: Beheer,
) -> None:
    first, second = beheer.offer(), beheer.offer()
    approve(beheer, first)

    assert refused(beheer, second) is Weigering.REDEN_NODIG
    assert approve(beheer, second, reden="kaarten naast elkaar gelegd") is Kleur.TE_WEINIG


def test_a_crash_between_the_besluit_and_the_alias_leaves_a_promotion_that_holds(
    beheer: Beheer, monkeypatch: pytest.MonkeyPatch
) -> None:
    versie = beheer.offer()

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("service.modelbeheer.besluiten.align", crash)
        with pytest.raises(KeyboardInterrupt):
            approve(beheer, versie)

    assert champion(beheer) == versie
    assert beheer.models.champion(PLAATSING) is None
    align(beheer.engine, beheer.models)
    assert beheer.models.load(PLAATSING).version == versie


def test_a_crash_before_the_besluit_is_stored_leaves_nothing(
    beheer_overal: Beheer, monkeypatch: pytest.MonkeyPatch
) -> None:
    versie = beheer_overal.offer()

    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ModelbesluitRepository, "add", crash)
        with pytest.raises(KeyboardInterrupt):
            approve(beheer_overal, versie)

    assert champion(beheer_overal) is None
    assert beheer_overal.models.champion(PLAATSING) is None


def test_an_alias_that_no_besluit_knows_is_taken_away(beheer: Beheer) -> None:
    versie = beheer.offer()
    beheer.models.promote(PLAATSING, versie, sha256=beheer.models.card(PLAATSING, versie).sha256)

    align(beheer.engine, beheer.models)

    assert beheer.models.champion(PLAATSING) is None


def test_the_history_tells_who_did_what_why_and_when(beheer_overal: Beheer) -> None:
    versie = beheer_overal.offer(Kleur.ORANJE)
    approve(beheer_overal, versie, reden="besproken met de functionaris")
    with unit_of_work(beheer_overal.engine, read_only=True) as session:
        found = ModelbesluitRepository(session).all(PLAATSING)

    assert [(one.besluit, one.trainer, one.door, one.oordeel) for one in found] == [
        ("aangeboden", "trainer", "trainer", "oranje"),
        ("goedgekeurd", "trainer", "keurder", "oranje"),
    ]
    assert found[1].reden == "besproken met de functionaris"
    card = beheer_overal.models.card(PLAATSING, versie)
    assert {(one.versie, one.sha256) for one in found} == {(versie, card.sha256)}
