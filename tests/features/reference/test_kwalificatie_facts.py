"""Facts on qualifications: complete where the demo needs them, and with their source."""

import polars as pl
import pytest

from features.contract import check_table
from features.reference import kwalificatie_facts
from features.tables import KWALIFICATIE


def test_the_facts_satisfy_the_contract_of_kwalificatie() -> None:
    check_table(kwalificatie_facts(), KWALIFICATIE)


@pytest.mark.parametrize("opleidingcode", [str(code) for code in range(25740, 25749)])
def test_the_nine_entree_qualifications_are_of_niveau_1(opleidingcode: str) -> None:
    assert kwalificatie_facts().filter(opleidingcode=opleidingcode)["niveau"].to_list() == [1]


def test_every_niveau_occurs_and_every_fact_names_its_source() -> None:
    facts = kwalificatie_facts()
    assert facts["niveau"].drop_nulls().unique().sort().to_list() == [1, 2, 3, 4]
    assert facts.filter(~pl.col("bron").str.contains("BWBR0036352|CompetentNL")).is_empty()
