"""Follows a document as its reader would, from top to bottom, in a folder of its own.

What a fenced block is stands in its kind, or in a comment above it, which a reader does not see:

    sh                                  commands, each of which ends with 0
    sh      <!-- ends: 1 -->            the last of them ends with 1
    python                              a program, which ends with 0
    text                                what the commands or the program before it print: its lines, in their order
    any     <!-- file: NAME -->         becomes a file
    any     <!-- insert: NAME before: LINE -->, <!-- append: NAME -->     changes one
    text    <!-- replace: NAME -->      two lines: what stands there, what stands there from now on
    any     <!-- part of: PATH -->      stands in that file of the repository, line by line, at any depth
    any     <!-- shown: REASON -->      is only to be read

`<!-- with: PATH as NAME -->`, on a line of its own, is a file or folder of the repository that the reader has.
A block that is none of these is a fault: nothing is passed over.
"""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from running import CLEAN_ENVIRONMENT, ROOT

_STEP = re.compile(
    r"^<!-- with: (?P<source>\S+) as (?P<name>\S+) -->$"
    r"|(?:^<!-- (?P<role>[a-z ]+): (?P<about>[^\n]+?) -->\n)?^```(?P<kind>\w*)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_PROGRAMS = {
    "csflow": "-c 'from csflow.cli import main; main()'",
    "pytest": "-m pytest -p csflow.testing.plugin -p no:cacheprovider",
    "python": "",
}


class DocumentFault(AssertionError):
    """A document that does not say what a block of it is, or says what does not happen."""


@dataclass(frozen=True, slots=True)
class Step:
    """A block of a document, or what it starts with: `role` and `about` are those of the comment, or ""."""

    role: str
    about: str
    kind: str
    text: str


def steps_of(document: str) -> list[Step]:
    """The blocks of a document in their order; a block that nothing checks is a DocumentFault."""
    steps = []
    for found in _STEP.finditer(document):
        if found["source"]:
            steps.append(Step("with", found["name"], "", found["source"]))
            continue
        step = Step(found["role"] or "", found["about"] or "", found["kind"], found["text"])
        if (step.role or step.kind) not in (*_ROLES, *_KINDS) or (step.role == "ends" and step.kind != "sh"):
            raise DocumentFault(f"nothing says what this block is:\n{found[0]}")
        steps.append(step)
    fences = len(re.findall(r"^\s*```", document, re.MULTILINE))
    if fences != 2 * sum(step.role != "with" for step in steps):
        raise DocumentFault("a block that does not begin at the margin, or does not end")
    return steps


def follow(document: str, folder: Path) -> "Reader":
    """Do every step of a document in a folder; what does not come out as it says is a DocumentFault."""
    reader = Reader(folder)
    for step in steps_of(document):
        told = _ROLES.get(step.role) or _KINDS[step.kind]
        told(reader, step)
    return reader


class Reader:
    """Where the reader of a document stands, and what the last commands printed."""

    def __init__(self, folder: Path) -> None:
        self.home = self.here = folder / "here"
        self.here.mkdir()
        self.seen = ""
        self._programs = folder / "bin"
        self._programs.mkdir()
        for name, arguments in _PROGRAMS.items():
            program = self._programs / name
            program.write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments} "$@"\n', encoding="utf-8")
            program.chmod(0o755)

    def has(self, step: Step) -> None:
        source, target = ROOT / step.text, self.home / step.about
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy(source, target)

    def types(self, step: Step) -> None:
        self.seen = ""
        commands = step.text.replace("\\\n", "").splitlines()
        wanted = [0] * (len(commands) - 1) + [int(step.about or 0)]
        for command, code in zip(commands, wanted, strict=True):
            if command.startswith("cd "):
                self.here = self.here / command.removeprefix("cd ").strip()
                continue
            ended = self._run("sh", "-c", command)
            if ended != code:
                raise DocumentFault(f"`{command}` ended with {ended}, not {code}:\n{self.seen}")

    def runs(self, step: Step) -> None:
        self.seen = ""
        if self._run(sys.executable, "-c", step.text):
            raise DocumentFault(self.seen)

    def sees(self, step: Step) -> None:
        rest = self.seen
        for line in filter(None, map(str.strip, step.text.splitlines())):
            if line == "…":
                continue
            if line not in rest:
                raise DocumentFault(f"{line!r} was not printed, or not in its place:\n{self.seen}")
            rest = rest.partition(line)[2]

    def writes(self, step: Step) -> None:
        path = self.here / step.about
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(step.text, encoding="utf-8")

    def inserts(self, step: Step) -> None:
        name, _, place = step.about.partition(" before: ")
        self._change(name, f"\n{place}", f"\n{step.text}{place}")

    def appends(self, step: Step) -> None:
        path = self.here / step.about
        path.write_text(path.read_text(encoding="utf-8").rstrip("\n") + "\n" + step.text, encoding="utf-8")

    def replaces(self, step: Step) -> None:
        old, new = step.text.rstrip("\n").split("\n")
        self._change(step.about, old, new)

    def compares(self, step: Step) -> None:
        rest = [line.strip() for line in (ROOT / step.about).read_text(encoding="utf-8").splitlines()]
        for line in map(str.strip, step.text.splitlines()):
            if line not in rest:
                raise DocumentFault(f"{step.about} does not hold, in this order: {line}")
            rest = rest[rest.index(line) + 1 :]

    def passes(self, step: Step) -> None:
        """Only to be read."""

    def _change(self, name: str, old: str, new: str) -> None:
        path = self.here / name
        before = path.read_text(encoding="utf-8")
        if before.count(old) != 1:
            raise DocumentFault(f"{name} holds this {before.count(old)} times: {old}")
        path.write_text(before.replace(old, new), encoding="utf-8")

    def _run(self, *command: str) -> int:
        path = f"{self._programs}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            command,
            cwd=self.here,
            env=CLEAN_ENVIRONMENT | {"PATH": path, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )
        self.seen += done.stdout + done.stderr
        return done.returncode


_ROLES = {
    "with": Reader.has,
    "file": Reader.writes,
    "insert": Reader.inserts,
    "append": Reader.appends,
    "replace": Reader.replaces,
    "part of": Reader.compares,
    "shown": Reader.passes,
    "ends": Reader.types,
}
_KINDS = {"sh": Reader.types, "python": Reader.runs, "text": Reader.sees}
