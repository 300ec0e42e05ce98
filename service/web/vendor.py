"""Files of others that the screens use: fetch them anew, and check that nobody altered them.

They stand under ``static/vendor``, so that a browser asks nothing of another host. Run
``python -m service.web.vendor`` to make them again from the packages that ``manifest.json`` names,
each of which must have the hash written there. Nothing of a package is run.
"""

import base64
import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from service.web.rendering import STATIC

VENDOR = STATIC / "vendor"
MANIFEST = "manifest.json"
COMPONENTS = (
    *("alert", "breadcrumb-nav", "button", "button-link", "checkbox", "data-list"),
    *("form-field", "form-field-description", "form-field-error-message", "form-fieldset"),
    *("form-label", "radio-button", "select", "skip-link", "status-badge", "table"),
    *("textarea", "textbox"),
)
"""Parts of the Utrecht component library that the screens use."""
LAYER = "@layer utrecht"
"""The components lie in a layer, so that every rule of ``vangnet.css`` goes before them."""
ROOTS = ("--basis-", "--voorbeeld-")
"""Tokens that are kept whether a component uses them or not."""


def read_manifest(folder: Path = VENDOR) -> dict[str, dict[str, dict[str, str]]]:
    """Return the packages (version, licence, integrity) and the files (sha256) by name."""
    found: dict[str, dict[str, dict[str, str]]] = json.loads(
        (folder / MANIFEST).read_text(encoding="utf-8")
    )
    return found


def altered_files(folder: Path = VENDOR) -> list[str]:
    """Return the files that are not as the manifest says: altered, absent or unknown to it."""
    listed = {name: one["sha256"] for name, one in read_manifest(folder)["files"].items()}
    there = {path.relative_to(folder).as_posix(): path for path in _files(folder)}
    wrong = [name for name, path in there.items() if listed.get(name) != _sha256(path)]
    return sorted(wrong + [name for name in listed if name not in there])


def fetch(folder: Path = VENDOR) -> None:
    """Make all files anew from the packages of the manifest, and write their hashes in it.

    Raises
    ------
    ValueError
        A package is not the one whose integrity the manifest holds.
    subprocess.CalledProcessError
        ``npm`` could not get a package.
    """
    manifest = read_manifest(folder)
    with tempfile.TemporaryDirectory() as made:
        found = {name: _unpack(name, one, Path(made)) for name, one in manifest["packages"].items()}
        for name, data in _chosen(found):
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    manifest["files"] = {
        path.relative_to(folder).as_posix(): {"sha256": _sha256(path)} for path in _files(folder)
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def take_components(css: str, components: tuple[str, ...] = COMPONENTS) -> str:
    """Return the rules of some components, in a layer of their own.

    Rules with an image in them are left out: our content rules refuse what is not a file here.

    Parameters
    ----------
    css : str
        Style sheet of the whole library: flat rules, at most one level inside an at-rule.
    components : tuple of str
        Names without ``utrecht-``; ``button`` does not include ``button-group``.

    Examples
    --------
    >>> print(take_components(".utrecht-a:not(:x, .y:is(p, q)), .utrecht-b {top: 0}", ("a",)))
    @layer utrecht {
    .utrecht-a:not(:x, .y:is(p, q)) {top: 0}
    }
    <BLANKLINE>
    """
    names = "|".join(components)
    wanted = re.compile(rf"\.utrecht-(?:{names})(?![a-z0-9]|-(?!-)|_(?!_))")
    kept = []
    for head, body in _rules(css):
        if head.startswith("@"):
            inner = take_components(body, components).splitlines()[1:-1]
            kept += [f"{head} {{", *inner, "}"] if inner and head.startswith("@media") else []
            continue
        selectors = re.split(r",\s*(?![^()]*(?:\([^()]*\)[^()]*)*\))", head)
        chosen = [one for one in selectors if wanted.match(one)]
        if chosen and "url(" not in body:
            kept.append(f"{', '.join(chosen)} {{{body}}}")
    return "\n".join([f"{LAYER} {{", *kept, "}", ""])


def take_tokens(css: str, used_by: str, roots: tuple[str, ...] = ROOTS) -> str:
    r"""Return the tokens that a style sheet uses, with those that they use themselves.

    Examples
    --------
    >>> take_tokens(":root {--a: var(--b); --b: 1px; --c: 2px;}", "p {top: var(--a)}", ())
    ':root {\n--a: var(--b);\n--b: 1px;\n}\n'
    """
    known = dict(re.findall(r"(--[\w-]+)\s*:\s*([^;]+);", css))
    waiting = [one for one in known if one.startswith(roots)] if roots else []
    waiting += re.findall(r"var\(\s*(--[\w-]+)", used_by)
    kept: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in known and name not in kept:
            kept.add(name)
            waiting += re.findall(r"var\(\s*(--[\w-]+)", known[name])
    lines = [f"{name}: {value.strip()};" for name, value in known.items() if name in kept]
    return "\n".join([":root {", *lines, "}", ""])


def _chosen(found: Mapping[str, Path]) -> Iterator[tuple[str, bytes]]:
    """Give each file that is kept, with its place under the folder."""
    htmx, leaflet = found["htmx.org"], found["leaflet"]
    utrecht = found["@utrecht/component-library-css"]
    theme = found["@nl-design-system-unstable/voorbeeld-design-tokens"]
    yield "htmx/htmx.min.js", (htmx / "dist/htmx.min.js").read_bytes()
    yield "htmx/LICENSE", (htmx / "LICENSE").read_bytes()
    yield "leaflet/leaflet.js", _without_map(leaflet / "dist/leaflet.js")
    yield "leaflet/leaflet.css", (leaflet / "dist/leaflet.css").read_bytes()
    yield "leaflet/LICENSE", (leaflet / "LICENSE").read_bytes()
    for image in sorted((leaflet / "dist/images").iterdir()):
        yield f"leaflet/images/{image.name}", image.read_bytes()
    components = take_components((utrecht / "dist/index.css").read_text(encoding="utf-8"))
    tokens = (theme / "dist/variables.css").read_text(encoding="utf-8")
    yield "utrecht/utrecht.css", (_notice(utrecht) + components).encode()
    yield "utrecht/LICENSE.md", (utrecht / "LICENSE.md").read_bytes()
    yield "voorbeeld/thema.css", (_notice(theme) + take_tokens(tokens, components)).encode()
    yield "voorbeeld/LICENSE.md", (theme / "LICENSE.md").read_bytes()


def _unpack(name: str, expected: Mapping[str, str], folder: Path) -> Path:
    """Return the folder of a package that was fetched, checked and unpacked."""
    target = folder / name.replace("/", "-")
    target.mkdir()
    subprocess.run(  # noqa: S603  # name and version come from the manifest
        ["npm", "pack", f"{name}@{expected['version']}", "--pack-destination", target],  # noqa: S607
        check=True,
        capture_output=True,
    )
    (tarball,) = target.glob("*.tgz")
    digest = base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()
    if expected["integrity"] != f"sha512-{digest}":
        raise ValueError(f"{name} is not the package that the manifest names")
    with tarfile.open(tarball) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """Give each top rule of a style sheet: what stands before its braces, and inside them."""
    css = re.sub(r"/\*.*?\*/|@charset [^;]+;", "", css, flags=re.DOTALL)
    depth, start, opened = 0, 0, 0
    for found in re.finditer(r"[{}]", css):
        depth += 1 if found[0] == "{" else -1
        if found[0] == "{" and depth == 1:
            opened = found.start()
        elif depth == 0:
            yield css[start:opened].strip(), css[opened + 1 : found.start()]
            start = found.end()


def _notice(package: Path) -> str:
    told = json.loads((package / "package.json").read_text(encoding="utf-8"))
    return f"/* Taken from {told['name']} {told['version']}, {told['license']}: see LICENSE.md */\n"


def _without_map(path: Path) -> bytes:
    """Return a script without the address of its source map, which is not kept."""
    return re.sub(rb"\n?//# sourceMappingURL=.*", b"", path.read_bytes())


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    fetch()
