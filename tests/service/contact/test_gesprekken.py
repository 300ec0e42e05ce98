"""Who spoke whom, what came of it, and the next step that comes back on its day."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from features.vocabulary import Kanaal
from service.contact.gesprekken import (
    Met,
    NieuwContact,
    Vervolg,
    add_contact,
    contacts,
    finish_step,
)
from service.errors import InvoerError, NotFoundError
from service.rechten.begrippen import Actor, Doel, Rol
from service.rechten.toegang import Toegang, looking_as
from service.registratie.invoer import Invoerder
from service.storage import unit_of_work
from service.storage.contactmoment import ContactmomentRepository
from service.storage.feiten import FeitRepository
from tests.service.mensen import REGIO, add_account, add_regio, settle

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
TODAY, LATER = NOW.date(), date(2026, 11, 9)
ANNA = Invoerder("anna", NOW)
BEL = Vervolg("Bel nog eens, na vier uur", LATER, "anna")


def people(session: Session) -> int:
    add_regio(session)
    settle(session, ["J1", "J2"])
    add_account(session, "bert", "een lang en goed wachtwoord")
    return add_account(session, "anna", "een lang en goed wachtwoord")


def make(**values: object) -> NieuwContact:
    usual = {
        "jongere_id": "J1",
        "datum": TODAY,
        "kanaal": Kanaal.TELEFOON,
        "met": Met.JONGERE,
        "gelukt": False,
    }
    return NieuwContact(**(usual | values))  # type: ignore[arg-type]  # by name


def tell(session: Session, anna: int, **values: object) -> int:
    return add_contact(
        session, make(**values), gebruiker_id=anna, regios=frozenset({REGIO}), door=ANNA
    )


def test_a_call_that_failed_is_kept_with_the_next_try(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        tell(session, people(session), vervolg=BEL, tekst=" Geen gehoor. ")

    with unit_of_work(engine, read_only=True) as session:
        (found,) = contacts(session, "J1")
        assert (found.kanaal, found.gelukt, found.tekst) == ("telefoon", False, "Geen gehoor.")
        assert (found.door, found.vervolg_door, found.vervolg_op) == ("anna", "anna", LATER)
        assert found.is_open


def test_what_the_contract_knows_of_it_is_stored_as_a_fact_without_the_note(
    engine: Engine,
) -> None:
    with unit_of_work(engine) as session:
        anna = people(session)
        tell(session, anna, tekst="Moeder nam op.")
        tell(session, anna, gelukt=True)

    with unit_of_work(engine, read_only=True) as session:
        (fact,) = FeitRepository(session, "contact").all({"jongere_id": "J1"})
        assert fact["gelukt"]
        assert fact["bekend_op"] == TODAY
        assert "Moeder" not in str(fact)


def test_a_talk_with_a_school_is_no_contact_with_the_jongere(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        tell(session, people(session), met=Met.SCHOOL, gelukt=True)
        assert FeitRepository(session, "contact").all({"jongere_id": "J1"}) == []


def test_an_earlier_step_is_done_with_the_contact_that_says_so(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        anna = people(session)
        first = tell(session, anna, vervolg=BEL)
        tell(session, anna, kanaal=Kanaal.BERICHT, klaar=[first])
        assert ContactmomentRepository(session).open() == []


def test_a_step_of_somebody_else_is_not_ended_by_its_number(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        anna = people(session)
        other = tell(session, anna, jongere_id="J2", vervolg=BEL)
        tell(session, anna, klaar=[other])
        with pytest.raises(NotFoundError):
            finish_step(session, "J1", other, door=ANNA)
        assert [one.id for one in ContactmomentRepository(session).open()] == [other]


def test_a_step_is_done_once(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        made = tell(session, people(session), vervolg=BEL)
        finish_step(session, "J1", made, door=ANNA)
        with pytest.raises(NotFoundError):
            finish_step(session, "J1", made, door=ANNA)


def test_everybody_has_the_own_steps_the_first_due_first(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        anna = people(session)
        late = tell(session, anna, vervolg=BEL)
        soon = tell(session, anna, vervolg=Vervolg("Bel moeder", TODAY, "anna"))
        tell(session, anna, vervolg=Vervolg("Bel de school", TODAY, "bert"))
        assert [one.id for one in ContactmomentRepository(session).open(anna)] == [soon, late]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"datum": LATER}, "datum"),
        ({"vervolg": Vervolg("Bel nog eens", date(2026, 11, 1), "anna")}, "vervolg_op"),
        ({"vervolg": Vervolg("x", LATER, "anna")}, "vervolg"),
        ({"vervolg": Vervolg("Bel nog eens", LATER, "niemand")}, "vervolg_door"),
        ({"tekst": "x" * 2001}, "tekst"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    engine: Engine, values: dict[str, object], field: str
) -> None:
    with unit_of_work(engine) as session:
        anna = people(session)
        with pytest.raises(InvoerError) as refused:
            tell(session, anna, **values)
        assert [fout.naam for fout in refused.value.fouten] == [field]
        assert contacts(session, "J1") == []


def test_who_may_not_see_the_jongere_sees_no_contact(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        tell(session, people(session), vervolg=BEL)

    stranger = Actor(999, "vreemd", (Rol.LOOPBAANCOACH,))
    with (
        looking_as(Toegang(stranger, Doel.BEGELEIDING)),
        unit_of_work(engine, read_only=True) as session,
    ):
        assert contacts(session, "J1") == []
        assert ContactmomentRepository(session).open() == []


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.booleans(), min_size=1, max_size=6))
def test_the_fact_of_a_day_says_reached_if_one_try_succeeded(
    shared_engine: Engine, outcomes: list[bool]
) -> None:
    with unit_of_work(shared_engine) as session:
        anna = people(session)
        for gelukt in outcomes:
            tell(session, anna, gelukt=gelukt)
        (fact,) = FeitRepository(session, "contact").all({"jongere_id": "J1"})
        assert fact["gelukt"] is any(outcomes)
        assert len(contacts(session, "J1")) == len(outcomes)
        session.rollback()
