"""What tests of the command line start from."""

from pathlib import Path

import pytest
from running import ROOT


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A copy of the small pack of the specs, to be spoilt."""
    source = ROOT / "tests" / "spec" / "checks" / "pack"
    for path in source.rglob("*.yaml"):
        target = tmp_path / "shop" / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    return tmp_path / "shop"
