"""Owns where the packs and examples that come with csflow lie: in the wheel, or in the checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def standard_folder(name: str) -> Path:
    """The folder of a standard pack; it may not exist."""
    return _carried("policies") / name


def standard_names() -> list[str]:
    """The packs that come with csflow."""
    return sorted(folder.name for folder in _carried("policies").iterdir() if (folder / "pack.yaml").is_file())


def example_folder(name: str) -> Path:
    """The folder of an example; it may not exist."""
    return _carried("examples") / name


def _carried(folder: str) -> Path:
    inside = _PACKAGE / folder
    # A checkout has them at its top, two folders above the package.
    return inside if inside.is_dir() else _PACKAGE.parents[1] / folder
