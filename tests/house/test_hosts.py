"""Nothing of the house leans on a stranger: no package host, no machine's path, no foreign address, no inline code."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from tests.house.floor import ROOT, ending, files, text

# Written with brackets so that this page does not name what it forbids; all in lower case.
PACKAGE_HOSTS = re.compile(
    r"py[p]i\.org|python[h]osted|npm[j]s\.|registry\.[a-z]+\.(?:org|com|io)|docker[.]io|gh[c]r\.io|qu[a]y\.io|gc[r]\.io|cr[a]tes\.io"
    r"|deb\.deb[i]an|jsde[l]ivr|unp[k]g|cdn[j]s|goog[l]eapis|proxy\.go[l]ang"
)
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:wo[r]k|ro[o]t|ho[m]e|fa[r]m)/|(?<![\w.])/t[m]p/\w|/opt/(?:py[p]i|wh[e]els)")
MAKERS = re.compile(r"(?:cl[a]ude|anthr[o]pic|sub-?ag[e]nts?|c[o]pilot)\b|\bissue #?\d|co-auth[o]red-by")
ADDRESS = re.compile(r"(?:https?:)?//[\w.-]+\.[a-z]{2,}[^\s\"'<>)]*", re.IGNORECASE)
INLINE = re.compile(
    r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|<script(?![^>]*(?:\bsrc=|application/json))[^>]*>|hx-on|\|\s*safe\b",
    re.IGNORECASE,
)
# A page may name these as text; none of them is ever loaded. Each line says why it is there.
NAMED = {
    "http://www.w3.org/": "the names of the SVG and XHTML vocabularies are written as addresses",
    "https://line.me/": "a link that the resident taps to add the official account",
    "https://web.telegram.org": "the page in whose frame we may be, which alone hears what to open",
    "https://t.me/": "a link that the resident taps to open the Telegram bot",
}
PAGES = [path for path in ending(".html", ".xml", ".svg", ".css", ".js", ".j2") if path.parts[0] == "bot"]
OURS = [path for path in PAGES if "vendor" not in path.parts]


def test_no_file_names_a_package_host_a_machine_path_or_its_makers() -> None:
    found = [
        f"{path}:{said.count(chr(10), 0, one.start()) + 1}: {one.group()}"
        for path in files()
        for said in (text(path).lower(),)
        # A vendored licence may say where its text lives; it is not ours to rewrite.
        for words in ([MACHINE_PATHS] if "vendor" in path.parts else [MACHINE_PATHS, PACKAGE_HOSTS, MAKERS])
        for one in words.finditer(said)
    ]
    assert found == []


def test_pages_load_nothing_from_elsewhere() -> None:
    found = {
        str(path): [name for name in ADDRESS.findall(text(path)) if not name.startswith(tuple(NAMED))] for path in OURS
    }
    assert {path: foreign for path, foreign in found.items() if foreign} == {}


def test_pages_hold_no_inline_style_or_script_and_switch_no_escaping_off() -> None:
    drawn = [path for path in OURS if path.suffix in {".html", ".j2", ".svg"}]
    assert {str(path): found for path in drawn if (found := INLINE.findall(text(path)))} == {}
    assert [str(path) for path in drawn if "autoescape false" in text(path)] == []


@pytest.mark.parametrize("path", [Path("requirements.lock"), Path("requirements-dev.lock")], ids=str)
def test_locks_name_no_address(path: Path) -> None:
    assert re.findall(r"https?://|file:|--index|--find-links", text(path)) == []


def test_no_policy_of_ours_allows_inline_code() -> None:
    lax = [str(path) for path in ending(".py", ".html", under=("bot",)) if "unsafe-" in text(path)]
    assert lax == []


def test_every_vendored_file_is_the_one_its_lock_names_and_has_its_licence() -> None:
    rows = [line.split() for line in text(Path("deploy/vendor.lock")).splitlines() if not line.startswith("#")]
    locked = {name: total for total, _, _, name in rows}
    shipped = [path for path in files() if path.parent.as_posix() == "bot/web/static/vendor"]
    assert {path.name: hashlib.sha256((ROOT / path).read_bytes()).hexdigest() for path in shipped} == locked
    packages = {package for _, package, _, _ in rows}
    assert {package for _, package, _, name in rows if name.endswith(".LICENSE")} == packages
