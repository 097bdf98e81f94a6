"""Takes pictures of printed handbooks in headless Chromium, and fails where its console says anything.

`python -m tests.looking.screenshots DIR`. The pictures are for eyes: see docs/how-to/look-at-a-handbook.md.
Exit codes: 0 all pages opened without a word, 1 the console spoke, 2 no Chromium here.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import csflow
from csflow.reports import LANGUAGES, file_name, handbook

ROOT = Path(__file__).resolve().parents[2]
PACKS = (
    ROOT / "policies" / "cn",
    ROOT / "tests" / "domain" / "shapes",
    ROOT / "tests" / "unit" / "reports" / "graph" / "desk",
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--enable-logging=stderr",
]
DOCTYPE = "<!DOCTYPE html>\n"


@dataclass(frozen=True)
class View:
    """A phone or a desk, by day or by night; as high as a picture may be."""

    name: str
    width: int
    height: int
    is_dark: bool = False


PHONE = View("phone", 390, 15000)
# A page whole is seen in every view, each of its parts on the phone, which is where room is scarce.
WHOLE = (PHONE, View("phone-dark", 390, 15000, is_dark=True), View("desk", 1280, 15000))


def main(out: Path) -> int:
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        print(f"no Chromium here: looked for {', '.join(BROWSERS)}", file=sys.stderr)
        return 2
    out.mkdir(parents=True, exist_ok=True)
    spoken = [line for page, views in pages(out) for view in views for line in look(browser, page, view)]
    print(*spoken, sep="\n", file=sys.stderr)
    return 1 if spoken else 0


def pages(out: Path) -> Iterator[tuple[Path, tuple[View, ...]]]:
    """Every handbook whole, and each of its parts alone: a picture is not as high as a handbook is long."""
    for folder in PACKS:
        pack = csflow.load_pack(folder)
        for language in LANGUAGES:
            text = handbook(pack, language, LANGUAGES)
            whole = out / file_name(pack, language)
            whole.write_text(text, encoding="utf-8")
            yield whole, WHOLE
            for name, part in parts(text):
                path = whole.with_suffix(f".{name}.html")
                path.write_text(part, encoding="utf-8")
                yield path, (PHONE,)


def parts(text: str) -> Iterator[tuple[str, str]]:
    for name in (part.get("id", "") for part in _main(ElementTree.fromstring(text.removeprefix(DOCTYPE)))):
        root = ElementTree.fromstring(text.removeprefix(DOCTYPE))
        body = root.find("body")
        assert body is not None
        for other in list(body):
            if other.tag != "main":
                body.remove(other)
        for part in list(_main(root)):
            if part.get("id") != name:
                _main(root).remove(part)
        yield name, DOCTYPE + ElementTree.tostring(root, encoding="unicode", method="html")


def _main(root: ElementTree.Element) -> ElementTree.Element:
    found = root.find("body/main")
    assert found is not None
    return found


def look(browser: str, page: Path, view: View) -> Iterator[str]:
    """Takes the picture; what the console said, line by line."""
    picture = page.with_suffix(f".{view.name}.png")
    with tempfile.TemporaryDirectory() as profile:
        command = [
            browser,
            *QUIET,
            f"--user-data-dir={profile}",
            f"--window-size={view.width},{view.height}",
            f"--screenshot={picture}",
            *(["--blink-settings=preferredColorScheme=0"] if view.is_dark else []),
            page.resolve().as_uri(),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    if not picture.is_file():
        yield f"{page.name}: no picture"
    yield from (f"{page.name}: {line}" for line in done.stderr.splitlines() if "CONSOLE" in line)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
