"""The report: a page that stands alone, and says what the data say."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from models.evaluate import Plan, evaluate
from models.evaluate_contest import KAMPIOEN, UITDAGER
from models.proxies import TOGETHER
from service.errors import FileError
from service.evaluatie.plaats import HTML_FILE, JSON_FILE
from service.evaluatie.redenen import read_redenen
from service.evaluatie.uitvoeren import Uitkomst
from service.evaluatie.zinnen import TE_WEINIG, conclusie, in_procenten, met_marge, samenvatting
from tests.models.evaluaties import tiny_fit
from tests.service.besloten import uneven
from tests.service.web.html import find_problems

PLAN = Plan(windows=1, draws=20, ablation=True, shuffles=1)
OVER = {
    "model": "uitvalrisico",
    "versie": "3",
    "sha256": "ab" * 32,
    "in_gebruik": "2",
    "bekend_tot": "2027-01-01",
    "gegevens_sha256": "cd" * 32,
    "zelfde_gegevens": True,
    "zaad": 1,
    "code": "0.1.0",
    "verzonnen": True,
}


def problems(html: str) -> list[str]:
    """Return what is wrong with the page; a page that stands alone holds its own style."""
    return find_problems(re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL))


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    fit = tiny_fit()
    return evaluate(fit, fit, plan=PLAN, reasons={}) | {"over": OVER}


@pytest.fixture(scope="module")
def html(found: dict[str, Any]) -> str:
    return Uitkomst("3", found).als_html


def test_the_page_stands_alone(html: str) -> None:
    assert not re.search(r"""(?:src|href|action)\s*=|url\(|@import|https?:|<script|<link""", html)
    assert html.count("<style>") == 1
    assert ".chart-stip" in html


def test_the_page_is_sound(html: str) -> None:
    assert problems(html) == []
    assert html.count("<h1>") == 1
    assert '<html lang="nl">' in html
    assert "<title>Evaluatie van uitvalrisico versie 3</title>" in html
    own = re.findall(r'<div class="tabel".*?</table>', html, flags=re.DOTALL)
    assert len(own) >= 6
    assert all("<caption" in one for one in own)
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_the_page_says_what_the_data_say(found: dict[str, Any], html: str) -> None:
    told = json.loads(Uitkomst("3", found).als_json)

    for name in (UITDAGER, KAMPIOEN, "bos", "logistisch"):
        for key in ("auc", "brier", "calibration_slope"):
            assert f"<td>{met_marge(told['kandidaten'][name][key])}</td>" in html
    for one in told["capaciteit"]:
        assert in_procenten(one["recall"]) in html
        if one["raak"] is None:  # too few to tell of
            assert TE_WEINIG in html
        else:
            assert f"{one['raak']} van {one['uitgenodigd']}" in html
    assert any(one["raak"] for one in told["capaciteit"])
    for one in told["ablatie"]:
        assert one["groep"] in html
    assert f"{told['toets']['n']} rijen" in html


def test_what_people_decided_stands_beside_the_version_in_use(
    found: dict[str, Any], html: str
) -> None:
    told = uneven().described() | {"versie": "2", "op": "2026-11-22"}
    with_people = Uitkomst("3", found | {"na_besluit": told}).als_html

    assert problems(with_people) == []
    for words in ("versie 2, die in gebruik is", "Model en na het besluit", "na het besluit</"):
        assert words in with_people
        assert words not in html
    assert "nog te weinig besluiten" in html


def test_made_up_data_are_named_so(found: dict[str, Any], html: str) -> None:
    real = Uitkomst("3", found | {"over": OVER | {"verzonnen": False}}).als_html

    assert "verzonnen gegevens" in html
    assert "verzonnen" not in real.replace(".verzonnen", "")


def test_equal_figures_are_equal_files(found: dict[str, Any]) -> None:
    again = dict(reversed(found.items()))

    one = Uitkomst("3", found)
    assert one.als_json == Uitkomst("3", again).als_json
    assert Uitkomst("3", json.loads(one.als_json)).als_html == one.als_html


def test_a_simple_rival_that_is_better_is_named(found: dict[str, Any]) -> None:
    worse = {"waarde": -0.1, "laag": -0.2, "hoog": -0.01}
    differences = found["verschillen"] | {"bos": found["verschillen"]["bos"] | {"auc": worse}}
    changed = found | {"verschillen": differences}
    itself = changed | {"over": OVER | {"in_gebruik": OVER["versie"]}}

    for told in (" ".join(conclusie(changed)), " ".join(conclusie(itself))):
        assert "Let op: bos van de uitnodigingsregel" in told
    assert "Deze versie is zelf in gebruik." in " ".join(conclusie(itself))


def test_the_files_are_written_whole_and_nothing_else_is_left(
    found: dict[str, Any], tmp_path: Path
) -> None:
    made = Uitkomst("3", found)
    for _ in range(2):
        made.write(tmp_path)

    assert {one.name for one in tmp_path.iterdir()} == {JSON_FILE, HTML_FILE}
    assert (tmp_path / JSON_FILE).read_text(encoding="utf-8") == made.als_json


def test_worse_for_one_group_is_not_better_for_everyone(found: dict[str, Any]) -> None:
    worse = {"waarde": -0.1, "laag": -0.2, "hoog": -0.01}
    better = {"waarde": 0.1, "laag": 0.01, "hoog": 0.2}

    def told(*differences: dict[str, float]) -> str:
        lines = [
            {"kenmerk": "leerweg", "waarde": name, "verschil": {"auc": one}}
            for name, one in zip(("bol", "bbl"), differences, strict=False)
        ]
        changed = found | {"groepen": {"regels": lines, "te_klein": 0}}
        return " ".join(conclusie(changed))

    assert "Niet beter voor iedereen. Slechter voor: leerweg bbl" in told(better, worse)
    assert "Voor elk van de 2 gemeten groepen is deze versie beter." in told(better, better)
    unsure = {"waarde": 0.1, "laag": -0.1, "hoog": 0.2}
    assert "ook niet bewezen" in told(better, unsure)


def test_a_proxy_without_reason_and_a_find_in_chance_are_red(found: dict[str, Any]) -> None:
    line = {
        "kenmerk": "leerweg",
        "waarde": "bbl",
        "kolom": TOGETHER,
        "auc": 0.9,
        "n": 100,
        "binnen": 40,
        "grens": 0.75,
        "telt": True,
        "reden": "",
        "rood": True,
    }
    changed = found | {
        "proxies": {"regels": [line], "gemeten": ["leerweg"], "rood": True},
        "proef": found["proef"] | {"oordeel": "fout"},
    }

    told = " ".join(conclusie(changed))
    assert "Schrijf een reden: kenmerken verraden een groep" in told
    assert "Rood: het model vindt iets in toeval." in told
    assert samenvatting(changed)["kleur"] == "rood"
    assert len(samenvatting(changed)["zinnen"]) == 2
    assert samenvatting(changed | {"proef": found["proef"] | {"oordeel": "goed"}}) == {
        "kleur": "oranje",
        "zinnen": samenvatting(changed)["zinnen"][:1],
    }
    line |= {"n": 1009, "binnen": 402}
    page = Uitkomst("3", changed).als_html
    assert "geen reden opgeschreven" in page
    assert "40% van minstens 1000" in page
    assert "402" not in page


def test_what_was_not_measured_is_said(found: dict[str, Any]) -> None:
    bare = found | {
        "ablatie": None,
        "groepen": {"regels": [], "te_klein": 0},
        "proxies": {"regels": [], "gemeten": [], "rood": False},
        "capaciteit": [],
        "lijsten": {},
        "ruimte": None,
    }
    html = Uitkomst("3", bare).als_html

    assert "nu niet gemeten" in html
    assert "te weinig gegevens om groepen" in html
    assert "er is dus niets gemeten" in html.lower()
    assert problems(html) == []


def test_reasons_of_the_region_go_before_those_of_the_product(tmp_path: Path) -> None:
    own = read_redenen(tmp_path, "uitvalrisico")
    assert ("onderwijssoort", "*") in own
    assert ("leeftijd", "*") not in own
    assert read_redenen(tmp_path, "werkproces") == {}

    (tmp_path / "proxy_redenen.toml").write_text(
        '[[reden]]\nmodel = "uitvalrisico"\nkenmerk = "leeftijd"\n'
        'reden = "Leeftijd volgt uit het leerjaar, dat nodig is."\n',
        encoding="utf-8",
    )
    assert ("leeftijd", "*") in read_redenen(tmp_path, "uitvalrisico")


@pytest.mark.parametrize(
    "text", ["[[reden", '[[reden]]\nmodel = "x"\nkenmerk = "y"\nreden = "te kort"\n', "wat = 1\n"]
)
def test_a_reason_that_says_nothing_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "proxy_redenen.toml").write_text(text, encoding="utf-8")

    with pytest.raises(FileError):
        read_redenen(tmp_path, "uitvalrisico")
