"""Owns `python -m tests.spec.checks.generate`: a page for each entry of the catalogue, and their index."""

from .pages import PAGES, documents


def write() -> None:
    """Write every page anew, and take away those of entries that are gone."""
    PAGES.mkdir(parents=True, exist_ok=True)
    pages = documents()
    for path in PAGES.glob("*.md"):
        if path.name not in pages:
            path.unlink()
    for name, text in pages.items():
        (PAGES / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write()
