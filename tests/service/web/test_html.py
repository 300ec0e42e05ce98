"""The checker of pages must find what it is there to find."""

import pytest

from tests.service.web.html import find_problems

GOOD = """<!doctype html><html lang="nl"><head><title>Goed</title></head><body><main>
<h1>Kop</h1><form action="/" method="get"><label for="a">Naam</label><input id="a" name="a"></form>
</main></body></html>"""


def test_a_good_page_has_no_problems() -> None:
    assert find_problems(GOOD) == []


@pytest.mark.parametrize(
    ("good", "bad", "problem"),
    [
        ("<!doctype html>", "", "doctype"),
        ('lang="nl"', 'lang="en"', "lang"),
        ("<title>Goed</title>", "<title></title>", "name"),
        ("<h1>Kop</h1>", "<h1>Kop</h1><h1>Kop</h1>", "2 h1"),
        ("<h1>Kop</h1>", "<h1>Kop</h1><h3>Kop</h3>", "h3 follows h1"),
        ('for="a"', 'for="b"', "label"),
        ("<h1>", '<p id="a"></p><h1>', "occurs 2 times"),
        (' action="/"', "", "action"),
        ("</form>", "", "stays open"),
        ("<h1>", '<h1 style="color: red">', "inline"),
        ("<h1>", '<a href="https://elders.example">x</a><h1>', "leaves the site"),
    ],
)
def test_a_bad_page_is_found(good: str, bad: str, problem: str) -> None:
    assert any(problem in found for found in find_problems(GOOD.replace(good, bad)))
