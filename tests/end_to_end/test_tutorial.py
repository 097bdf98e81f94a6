"""The tutorial for authors is followed to the letter: its commands, its changes of files, and what it says one sees."""

import re
import shlex
from pathlib import Path

from running import ROOT, csflow

TUTORIAL = ROOT / "docs" / "tutorials" / "author.zh-CN.md"
_STEP = re.compile(r"(?:<!-- (?P<change>[^>]+) -->\n)?```(?P<kind>\w+)\n(?P<text>.*?)```", re.DOTALL)


def changed(shop: Path, change: str, text: str) -> None:
    """Do what the comment above a block says: insert, replace or append."""
    verb, _, rest = change.partition(": ")
    name, _, place = rest.partition(" before: ")
    path = shop / name
    before = path.read_text(encoding="utf-8")
    if verb == "insert":
        assert before.count(f"\n{place}") == 1
        after = before.replace(f"\n{place}", f"\n{text}{place}")
    elif verb == "replace":
        old, new = text.rstrip("\n").split("\n")
        assert before.count(old) == 1
        after = before.replace(old, new)
    else:
        assert verb == "append"
        after = before.rstrip("\n") + "\n" + text
    path.write_text(after, encoding="utf-8")


def test_the_tutorial_for_authors_does_what_it_says(tmp_path):
    here, seen, steps = tmp_path, "", 0
    for step in _STEP.finditer(TUTORIAL.read_text(encoding="utf-8")):
        text = step["text"]
        if step["change"]:
            changed(here, step["change"], text)
        elif step["kind"] == "sh":
            seen = ""
            for line in text.splitlines():
                program, *arguments = shlex.split(line)
                if program == "cd":
                    here = here / arguments[0]
                    continue
                assert program == "csflow"
                done = csflow(*arguments, cwd=here)
                assert done.returncode in (0, 1), done.stderr
                seen += done.stdout + done.stderr
        else:
            for line in text.splitlines():
                assert line in seen, f"{line!r} is not in\n{seen}"
        steps += 1
    assert steps > 12
    assert csflow("test", "--fail-under", "100", cwd=here).returncode == 0
