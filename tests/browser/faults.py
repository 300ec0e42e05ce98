"""What a browser can find wrong with a page: axe-core, and what axe does not see."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.conftest import FIND_OVERLAPS

SMALLEST_TARGET = 24
NARROWEST = 320

RUN_AXE = """async () => {
  const found = await axe.run({include: [['html']]}, {resultTypes: ['violations', 'incomplete']});
  const told = (kind) => found[kind].map(
    one => `${kind} ${one.id}: ${one.nodes.slice(0, 3).map(n => n.html.slice(0, 160)
      + ' [' + n.any.concat(n.all, n.none).map(c => c.message).join('; ').slice(0, 120) + ']')
      .join(' | ')}`);
  return [...told('violations'), ...told('incomplete')];
}"""
"""Both what is wrong and what axe could not decide: neither may be there."""

FIND_SMALL_TARGETS = """(least) => {
  const inText = e => e.tagName === 'A' && getComputedStyle(e).display === 'inline';
  return [...document.querySelectorAll('a, button, input, select, textarea, summary')]
    .filter(e => e.type !== 'hidden' && e.checkVisibility() && !inText(e))
    .filter(e => !e.classList.contains('utrecht-skip-link'))
    .map(e => [e.textContent.trim().slice(0, 30) || e.name, e.getBoundingClientRect()])
    .filter(([, box]) => box.width > 0 && (box.width < least || box.height < least))
    .map(([text, box]) => `small: ${text} ${box.width}x${box.height}`);
}"""
"""Links inside a sentence are excepted (WCAG 2.2, 2.5.8)."""

FIND_LETTER_COLUMNS = """() => [...document.querySelectorAll('main :is(h1, h2, h3, p, li, dd, a)')]
  .filter(e => e.checkVisibility() && e.textContent.trim().length > 4)
  .filter(e => getComputedStyle(e).clipPath === 'none')
  .filter(e => { const b = e.getBoundingClientRect(); return b.width > 0 && b.width < 24; })
  .map(e => `letters one per line: ${e.textContent.trim().slice(0, 30)}`)"""


def axe_faults(page: Page) -> list[str]:
    """Return what axe finds or cannot decide on the page as it is now."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(RUN_AXE)
    return found


def layout_faults(page: Page) -> list[str]:
    """Return what lies over each other, sticks out, is too small to hit or falls apart."""
    found: list[str] = [f"overlap: {one}" for one in page.evaluate(FIND_OVERLAPS)]
    found += page.evaluate(FIND_SMALL_TARGETS, SMALLEST_TARGET)
    found += page.evaluate(FIND_LETTER_COLUMNS)
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        found.append("scrolls sideways")
    return found
