"""Files and folders made to hurt their reader, and a program that reads them and measures itself.

Run as `python hostile_inputs.py NAME...`; each input gives one line of JSON on standard output.
"""

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

MIB = 1024 * 1024


class HostileFile(NamedTuple):
    """Bytes, the finding that refuses them, and its line; no finding where the file is a legal one."""

    data: Callable[[], bytes]
    finding: str | None
    line: int | None = 1


class HostileFolder(NamedTuple):
    """What fills an empty folder, the finding, and how many files are read all the same."""

    fill: Callable[[Path], None]
    finding: str | None
    files: int


def text(written: str) -> Callable[[], bytes]:
    return lambda: written.encode("utf-8", errors="surrogatepass")


def repeated(unit: str, times: int, before: str = "", after: str = "") -> Callable[[], bytes]:
    return lambda: (before + unit * times + after).encode("utf-8")


def laughs() -> bytes:
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    return "\n".join(lines).encode()


def quadratic_aliases() -> bytes:
    return b"a: &a [" + b"x, " * 5_000 + b"x]\nb: [" + b"*a, " * 50_000 + b"*a]\n"


def deep_indentation(depth: int) -> bytes:
    return "".join(f"{' ' * level}k:\n" for level in range(depth)).encode()


def indentation_bomb() -> bytes:
    """Deeper with each line, as far as a mebibyte goes."""
    return deep_indentation(1_400)


def exactly(size: int) -> bytes:
    """A legal file of that many bytes, with about as many nodes as a large pack has."""
    rules = "".join(
        f"  - {{id: rule-{n}, when: {{condition: intact, in_time: true}}, then: {{outcome: allow}}, because: 第七条}}\n"
        for n in range(5_000)
    )
    data = f"decision: large\nrules:\n{rules}".encode()
    return data + b"#" * (size - len(data) - 1) + b"\n"


def dense(size: int) -> bytes:
    """The most nodes that are allowed, with marks behind signs of four bytes."""
    data = "n: [" + "😀," * 99_000 + "😀]\n"
    encoded = data.encode()
    return encoded + b"#" * (size - len(encoded) - 1) + b"\n"


def chinese(encoding: str) -> Callable[[], bytes]:
    return lambda: "decision: 七日无理由退货\ntitle: 消费者权益保护法规定的退货\nrules: 无\n".encode(encoding)


def traditional(encoding: str) -> Callable[[], bytes]:
    return lambda: "decision: 七日鑑賞期\ntitle: 消費者保護法規定的退貨期限\nrules: 無\n".encode(encoding)


def large_key() -> bytes:
    return b"a: 1\n" + b"k" * 500_000 + b": v\n"


FILES: dict[str, HostileFile] = {
    # Nesting
    "50,000 open brackets": HostileFile(repeated("[", 50_000), "too-deep"),
    "50,000 open brackets under a key": HostileFile(repeated("[", 50_000, "a: "), "too-deep"),
    "50,000 closed brackets": HostileFile(lambda: b"a: " + b"[" * 50_000 + b"]" * 50_000, "too-deep"),
    "50,000 open braces": HostileFile(repeated("{", 50_000), "too-deep"),
    "braces with keys": HostileFile(repeated("{a: ", 50_000), "too-deep"),
    "braces as keys": HostileFile(repeated("{? ", 50_000), "too-deep"),
    "brackets and braces": HostileFile(repeated("[{a: ", 50_000), "too-deep"),
    "brackets line by line": HostileFile(repeated("[\n", 50_000), "too-deep", 33),
    "dashes on one line": HostileFile(repeated("- ", 50_000, after="x"), "too-deep"),
    "question marks on one line": HostileFile(repeated("? ", 50_000, after="x"), "too-deep"),
    "deep indentation": HostileFile(indentation_bomb, "too-deep", 33),
    "deep indentation of lists": HostileFile(
        lambda: "".join(f"{' ' * n}-\n" for n in range(1_000)).encode() + b" " * 1_000 + b"- x\n", "too-deep", 33
    ),
    "nesting one too deep": HostileFile(lambda: b"a: " + b"[" * 32 + b"]" * 32, "too-deep"),
    "nesting just deep enough": HostileFile(lambda: b"a: " + b"[" * 31 + b"]" * 31, None, None),
    "unclosed brackets among text": HostileFile(repeated("[a, ", 200_000), "too-deep"),
    "brackets closed by the wrong kind": HostileFile(repeated("[}", 200_000, "a: "), "yaml-syntax"),
    # Aliases and anchors
    "billion laughs": HostileFile(laughs, "yaml-alias"),
    "quadratic aliases": HostileFile(quadratic_aliases, "yaml-alias"),
    "alias of itself": HostileFile(text("a: &a [*a]\n"), "yaml-alias"),
    "mapping that holds itself": HostileFile(text("a: &a\n  b: *a\n"), "yaml-alias"),
    "alias as a key": HostileFile(text("a: &a b\n*a : c\n"), "yaml-alias"),
    "alias of nothing": HostileFile(text("a: *nobody\n"), "yaml-alias"),
    "anchor alone": HostileFile(text("a: &x 1\n"), "yaml-alias"),
    "300,000 anchors": HostileFile(repeated("- &a\n", 200_000, "a:\n"), "yaml-alias", 2),
    # Tags
    "tag that calls os.system": HostileFile(text('a: !!python/object/apply:os.system ["id"]\n'), "yaml-tag"),
    "tag of a Python name": HostileFile(text("a: !!python/name:os.system\n"), "yaml-tag"),
    "tag of a Python module": HostileFile(text("a: !!python/module:os\n"), "yaml-tag"),
    "tag of a new Python object": HostileFile(text('a: !!python/object/new:subprocess.Popen [["id"]]\n'), "yaml-tag"),
    "binary tag": HostileFile(text("a: !!binary aGk=\n"), "yaml-tag"),
    "set tag": HostileFile(text("a: !!set {x, y}\n"), "yaml-tag"),
    "string tag": HostileFile(text("a: !!str 1\n"), "yaml-tag"),
    "ordered map tag": HostileFile(text("a: !!omap [b: c]\n"), "yaml-tag"),
    "local tag": HostileFile(text("a: !env HOME\n"), "yaml-tag"),
    "verbatim tag": HostileFile(text("a: !<tag:yaml.org,2002:python/object/apply:os.system> x\n"), "yaml-tag"),
    "non-specific tag": HostileFile(text("a: ! b\n"), "yaml-tag"),
    "tag on the root": HostileFile(text("!!map {a: b}\n"), "yaml-tag"),
    "tag on a key": HostileFile(text("!!str a: b\n"), "yaml-tag"),
    "tag of an undeclared handle": HostileFile(text("a: !e!x b\n"), "yaml-tag"),
    "200,000 tags": HostileFile(repeated("- !a\n", 200_000, "a:\n"), "yaml-tag", 2),
    "long tag": HostileFile(repeated("x", 900_000, "a: !", " b\n"), "yaml-tag"),
    # Keys
    "merge key": HostileFile(text("a: {<<: {b: c}}\n"), "merge-key"),
    "merge key of aliases": HostileFile(text("a: &a {b: c}\nd:\n  <<: [*a, *a]\n"), "merge-key", 3),
    "100,000 merge keys": HostileFile(repeated("<<: x\n", 40_000), "merge-key"),
    "duplicate key": HostileFile(text("a: 1\nb: 2\na: 3\n"), "duplicate-key", 3),
    "100,000 duplicate keys": HostileFile(repeated("a: 1\n", 49_990), "duplicate-key", 2),
    "100,000 duplicate keys and too many": HostileFile(repeated("a: 1\n", 100_000), "too-many-nodes", 50_000),
    "duplicate keys in braces": HostileFile(repeated("a: 1, ", 49_000, "b: {", "a: 1}"), "duplicate-key"),
    "49,000 keys": HostileFile(lambda: b"".join(b"k%d: v\n" % n for n in range(49_000)), None, None),
    "half a megabyte of key": HostileFile(large_key, "yaml-syntax", 2),
    "half a megabyte of quoted key": HostileFile(lambda: b'"' + b"k" * 500_000 + b'": v\n', "yaml-syntax"),
    "long explicit key": HostileFile(lambda: b"? " + b"k" * 500_000 + b"\n: v\n", "complex-key"),
    "complex key": HostileFile(text("? complex: keys\n: v\n"), "complex-key"),
    "list as a key": HostileFile(text("? [a, b]\n: v\n"), "complex-key"),
    "braces as a key": HostileFile(text("{a: b}: c\n"), "complex-key"),
    "explicit key": HostileFile(text("? a\n: b\n"), "complex-key"),
    "40,000 complex keys": HostileFile(repeated("? [a]\n: b\n", 30_000), "complex-key"),
    "keys without values": HostileFile(repeated("a, ", 49_000, "x: {", "a}"), "key-without-value"),
    # Size
    "a mebibyte of digits": HostileFile(repeated("9", MIB - 4, "n: ", "\n"), "scalar-too-long"),
    "a mebibyte of text": HostileFile(repeated("x", MIB - 6, 't: "', '"\n'), "scalar-too-long"),
    "a mebibyte of block": HostileFile(repeated("  x\n", 250_000, "t: |\n"), "scalar-too-long"),
    "65,537 bytes of scalar": HostileFile(repeated("x", 65_537, "t: "), "scalar-too-long"),
    "65,537 bytes in three-byte signs": HostileFile(repeated("中", 21_846, "t: "), "scalar-too-long"),
    "65,536 bytes of scalar": HostileFile(repeated("x", 65_536, "t: "), None, None),
    "a number of Python's limit": HostileFile(repeated("9", 5_000, "n: "), None, None),
    "one byte too many": HostileFile(lambda: exactly(MIB + 1), "file-too-large", None),
    "five mebibytes": HostileFile(lambda: b"a: 1\n" * MIB, "file-too-large", None),
    "a mebibyte of rules": HostileFile(lambda: exactly(MIB), None, None),
    "a mebibyte of emoji": HostileFile(lambda: dense(MIB), None, None),
    "a mebibyte of comments": HostileFile(repeated("# a\n", 262_143), "empty-file"),
    "a mebibyte of blanks": HostileFile(repeated(" ", MIB), "empty-file"),
    "a mebibyte of line ends": HostileFile(repeated("\n", MIB), "empty-file"),
    "250,000 nodes": HostileFile(repeated("a, ", 250_000, "n: [", "a]"), "too-many-nodes"),
    "250,000 nodes in a list": HostileFile(repeated("- a\n", 250_000, "n:\n"), "too-many-nodes", 99_999),
    "empty collections": HostileFile(repeated("{},", 150_000, "n: [", "{}]"), "too-many-nodes"),
    "nothing": HostileFile(text(""), "empty-file"),
    # Signs
    "NUL": HostileFile(text("a: b\nc: d\0e\n"), "control-character", 2),
    "NULs all over": HostileFile(repeated("\0\0\0a", 200_000), "control-character"),
    "NUL by escape": HostileFile(text('a: "\\0"\n'), "control-character"),
    "escape sequence": HostileFile(text("a: \x1b[2J\x1b[31m\n"), "control-character"),
    "bell": HostileFile(text("a: b # \a\n"), "control-character"),
    "backspaces": HostileFile(text("a: refund\b\b\b\b\b\bdeny\n"), "control-character"),
    "delete": HostileFile(text("a: \x7f\n"), "control-character"),
    "C1 control": HostileFile(text("a: \x9b31m\n"), "control-character"),
    "next line sign": HostileFile(text("a: b\x85c: d\n"), "control-character"),
    "line separator": HostileFile(text("a: b\u2028c: d\n"), "control-character"),
    "paragraph separator": HostileFile(text("a: b\u2029c: d\n"), "control-character"),
    "carriage return that hides a line": HostileFile(text("# allow\rdeny: all\n"), "control-character"),
    "right-to-left override": HostileFile(text("a: \u202eyned\n"), "invisible-character"),
    "override in a comment": HostileFile(text("a: b\n# \u202e } b\n"), "invisible-character", 2),
    "left-to-right isolate": HostileFile(text("a: \u2066b\u2069\n"), "invisible-character"),
    "right-to-left isolate": HostileFile(text("a: \u2067b\n"), "invisible-character"),
    "first strong isolate": HostileFile(text("a: \u2068b\n"), "invisible-character"),
    "override by escape": HostileFile(text('a: "\\u202Eb"\n'), "invisible-character"),
    "zero width blank in a key": HostileFile(text("out\u200bcome: allow\n"), "invisible-character"),
    "byte order mark in the middle": HostileFile(text("a: b\nc\ufeff: d\n"), "invisible-character", 2),
    "tag signs": HostileFile(text("a: b\U000e0041\U000e0042\n"), "invisible-character"),
    "Hangul filler": HostileFile(text("a\u3164: b\n"), "invisible-character"),
    "tab as indentation": HostileFile(text("a:\n\tb: c\n"), "tab-character", 2),
    "a mebibyte of tabs": HostileFile(repeated("\t \n", 300_000), "tab-character"),
    "a mebibyte of bad signs": HostileFile(repeated("\u202e", 300_000), "invisible-character"),
    "no-break blank as indentation": HostileFile(text("a:\n\u00a0\u00a0b: c\n"), "invisible-character", 2),
    "a mebibyte of no-break blanks": HostileFile(repeated("\u00a0", 500_000, "a: > 7\n"), "invisible-character", 2),
    "spread no-break blanks": HostileFile(repeated("\u00a0 ", 300_000, "b: > 7\n"), "invisible-character", 2),
    "lines of no-break blanks": HostileFile(repeated("\u00a0b\n", 200_000, "a: > 7\n"), "invisible-character", 2),
    # Encodings
    "GBK": HostileFile(chinese("gbk"), "wrong-encoding"),
    "GB18030": HostileFile(chinese("gb18030"), "wrong-encoding"),
    "Big5": HostileFile(traditional("big5"), "wrong-encoding"),
    "UTF-16 LE with mark": HostileFile(lambda: b"\xff\xfe" + chinese("utf-16-le")(), "wrong-encoding"),
    "UTF-16 BE with mark": HostileFile(lambda: b"\xfe\xff" + chinese("utf-16-be")(), "wrong-encoding"),
    "UTF-16 LE without mark": HostileFile(chinese("utf-16-le"), "wrong-encoding"),
    "UTF-16 BE without mark": HostileFile(chinese("utf-16-be"), "wrong-encoding"),
    "UTF-32 with mark": HostileFile(lambda: b"\xff\xfe\0\0" + chinese("utf-32-le")(), "wrong-encoding"),
    "UTF-8 with mark": HostileFile(lambda: b"\xef\xbb\xbf" + chinese("utf-8")(), "byte-order-mark"),
    "two marks": HostileFile(lambda: b"\xef\xbb\xbf\xef\xbb\xbfa: b\n", "invisible-character"),
    "lone surrogate": HostileFile(text("a: b\nc: \ud800\n"), "wrong-encoding", 2),
    "surrogate pair in UTF-8": HostileFile(lambda: b"a: \xed\xa0\xbd\xed\xb8\x80\n", "wrong-encoding"),
    "surrogate by escape": HostileFile(text('a: "\\ud800"\n'), "yaml-syntax"),
    "sign beyond Unicode by escape": HostileFile(text('a: "\\UFFFFFFFF"\n'), "yaml-syntax"),
    "overlong slash": HostileFile(lambda: b"a: ..\xc0\xaf..\n", "wrong-encoding"),
    "overlong NUL": HostileFile(lambda: b"a: \xc0\x80\n", "wrong-encoding"),
    "five-byte sequence": HostileFile(lambda: b"a: \xf8\x88\x80\x80\x80\n", "wrong-encoding"),
    "cut off sign": HostileFile(lambda: "a: 退".encode()[:-1], "wrong-encoding"),
    "a mebibyte of noise": HostileFile(lambda: bytes(range(128, 256)) * 8_192, "wrong-encoding"),
    # Documents
    "two documents": HostileFile(text("a: b\n---\nc: d\n"), "several-documents", 2),
    "100,000 documents": HostileFile(repeated("---\na: b\n", 100_000), "several-documents", 3),
    "document after an end": HostileFile(text("a: b\n...\nc: d\n"), "several-documents", 3),
    "YAML directive": HostileFile(text("%YAML 1.1\n---\na: b\n"), "yaml-directive"),
    "TAG directive": HostileFile(text("%TAG ! tag:evil,2000:\n---\na: !x b\n"), "yaml-directive"),
    "unknown directive": HostileFile(text("# c\n%EVIL x\n---\na: b\n"), "yaml-directive", 2),
    "version of a megabyte": HostileFile(repeated("9", 900_000, "%YAML 1.", "\n---\na: b\n"), "yaml-directive"),
    "200,000 directives": HostileFile(repeated("%A\n", 200_000), "yaml-directive"),
    "list as a file": HostileFile(text("- a\n- b\n"), "not-a-mapping"),
    "text as a file": HostileFile(text("refund everyone\n"), "not-a-mapping"),
    # Broken syntax, where the search for the cause could take long
    "150,000 unquoted cells": HostileFile(repeated("a: > 7\n", 140_000), "unquoted-cell"),
    "unquoted cells in braces": HostileFile(repeated("a: > 7, ", 100_000, "x: {", "b: c}"), "unquoted-cell"),
    "never closed quote": HostileFile(repeated("x\n", 500_000, 'a: "'), "yaml-syntax"),
    "50,000 open quotes": HostileFile(repeated("a: 'x\n", 150_000), "yaml-syntax"),
    "quotes that run over lines": HostileFile(repeated('- "\n', 250_000, "a:\n"), "too-many-nodes", 199_996),
    "open quotes in a list": HostileFile(repeated('- "x\n', 200_001, "a:\n"), "yaml-syntax", 2),
    "open brackets line by line under keys": HostileFile(repeated("a: [\n", 200_000), "too-deep", 17),
    "open brackets then text": HostileFile(repeated("x\n", 500_000, "a: [\n[\n[\n[\n"), "yaml-syntax"),
    "lines of colons": HostileFile(repeated(":\n", 520_000, "a: > 7\n"), "unquoted-cell"),
    "lines of nothing much": HostileFile(repeated(">\n", 520_000, "a: > 7\n"), "unquoted-cell"),
    "colons on one line": HostileFile(repeated("a: ", 340_000), "unquoted-text"),
    "dots in brackets": HostileFile(repeated(".", 1_000_000, "a: [", "\nb: > 7\n"), "yaml-syntax"),
    "brackets of dots": HostileFile(repeated("[...", 250_000, "a: > 7\nb: "), "unquoted-cell"),
    "blanks before a break": HostileFile(repeated(" ", 1_000_000, "a: b\n", "x: y\n: : :"), "yaml-syntax", 2),
    "blanks in braces": HostileFile(repeated("a" + " " * 500 + ",", 2_000, "x: {", "a：b}"), "full-width-punctuation"),
    "full-width colons on one line": HostileFile(repeated("a：,", 150_000, "x: [", "]"), "too-many-nodes"),
    "full-width colons line by line": HostileFile(repeated("a：b\n", 150_000), "full-width-punctuation"),
    "full-width braces and colons": HostileFile(repeated("｛: ", 200_000, "a: "), "full-width-punctuation"),
    "dashes and blanks": HostileFile(repeated("- " * 20 + "a：b\n", 20_000), "full-width-punctuation"),
    "parentheses": HostileFile(repeated("(", 500_000, "a: [", "\nb: > 7\n"), "yaml-syntax"),
    "commas": HostileFile(repeated(",", 1_000_000, "a: [", "]\n"), "yaml-syntax"),
    "stars": HostileFile(repeated("*", 1_000_000, "a: "), "unquoted-cell"),
    "question marks in braces": HostileFile(repeated("?", 60_000, "a: {", "}\n: x"), "yaml-syntax"),
    "percent signs": HostileFile(repeated("%", 1_000_000, "a: "), "unquoted-cell"),
    "backslashes": HostileFile(repeated("\\", 1_000_000, 'a: "'), "yaml-syntax"),
}


def _symlink_out(folder: Path) -> None:
    (folder / "a.yaml").write_text("a: b\n")
    (folder / "secret.yaml").symlink_to("/etc/passwd")


def _symlinked_folder_out(folder: Path) -> None:
    (folder / "system").symlink_to("/etc")


def _symlink_to_parent(folder: Path) -> None:
    (folder / "up.yaml").symlink_to("../outside.yaml")
    (folder.parent / "outside.yaml").write_text("a: b\n")


def _symlink_chain_out(folder: Path) -> None:
    (folder / "one.yaml").symlink_to("two.yaml")
    (folder / "two.yaml").symlink_to("/etc/hostname")


def _symlink_loop(folder: Path) -> None:
    (folder / "a.yaml").write_text("a: b\n")
    (folder / "sub").mkdir()
    (folder / "sub" / "again").symlink_to("..")
    (folder / "loop").symlink_to("loop")


def _symlink_web(folder: Path) -> None:
    """Folders that link to one another: walks without loops through them are beyond counting."""
    for n in range(12):
        (folder / f"d{n}").mkdir()
        (folder / f"d{n}" / "a.yaml").write_text("a: b\n")
    for n in range(12):
        for m in range(12):
            (folder / f"d{n}" / f"to{m}").symlink_to(folder / f"d{m}")


def _symlink_inside(folder: Path) -> None:
    (folder / "a.yaml").write_text("a: b\n")
    (folder / "b.yaml").symlink_to("a.yaml")


def _fifo(folder: Path) -> None:
    os.mkfifo(folder / "pipe.yaml")


def _fifo_behind_link(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    (folder / "a.yaml").symlink_to("pipe")


def _device_behind_link(folder: Path) -> None:
    (folder / "zero.yaml").symlink_to("/dev/zero")


def _socket(folder: Path) -> None:
    import socket

    os.chdir(folder)
    server = socket.socket(socket.AF_UNIX)
    server.bind("s.yaml")
    server.close()


def _many_files(folder: Path) -> None:
    data = b"# " + b"x" * (MIB - 3) + b"\n"
    for n in range(21):
        (folder / f"f{n:02}.yaml").write_bytes(data)


def _huge_file(folder: Path) -> None:
    with (folder / "huge.yaml").open("wb") as file:
        file.truncate(8 * 1024 * MIB)
    (folder / "a.yaml").write_text("a: b\n")


def _nested(folder: Path, name: str, depth: int) -> None:
    os.chdir(folder)
    for _ in range(depth):
        Path(name).mkdir()
        os.chdir(name)
    Path("a.yaml").write_text("a: b\n")
    os.chdir("/")


def _deep_folders(folder: Path) -> None:
    _nested(folder, "d", 500)


def _folders_beyond_a_path(folder: Path) -> None:
    _nested(folder, "d" * 200, 40)


def _dangling_link(folder: Path) -> None:
    (folder / "gone.yaml").symlink_to("nowhere.yaml")


def _name_without_text(folder: Path) -> None:
    (folder / os.fsdecode(b"\xff\xfe.yaml")).write_bytes(b"a: b\n")


def _hidden(folder: Path) -> None:
    (folder / ".git").mkdir()
    (folder / ".git" / "a.yaml").write_text("a: b\n")
    (folder / ".env.yaml").write_text("a: b\n")


def _folder_named_like_a_file(folder: Path) -> None:
    (folder / "a.yaml").mkdir()
    (folder / "a.yaml" / "b.yml").write_text("a: b\n")


FOLDERS: dict[str, HostileFolder] = {
    "link out of the folder": HostileFolder(_symlink_out, "path-escape", 1),
    "linked folder outside": HostileFolder(_symlinked_folder_out, "path-escape", 0),
    "link to the folder above": HostileFolder(_symlink_to_parent, "path-escape", 0),
    "chain of links out": HostileFolder(_symlink_chain_out, "path-escape", 0),
    "links in a circle": HostileFolder(_symlink_loop, "unreadable-file", 1),
    "web of links": HostileFolder(_symlink_web, None, 12),
    "link inside the folder": HostileFolder(_symlink_inside, None, 2),
    "pipe": HostileFolder(_fifo, "unreadable-file", 0),
    "pipe behind a link": HostileFolder(_fifo_behind_link, "unreadable-file", 0),
    "device behind a link": HostileFolder(_device_behind_link, "path-escape", 0),
    "socket": HostileFolder(_socket, "unreadable-file", 0),
    "21 mebibytes in all": HostileFolder(_many_files, "pack-too-large", 0),
    "one file of eight gibibytes": HostileFolder(_huge_file, "file-too-large", 1),
    "500 folders deep": HostileFolder(_deep_folders, None, 1),
    "folders deeper than a path is long": HostileFolder(_folders_beyond_a_path, "unreadable-file", 0),
    "dangling link": HostileFolder(_dangling_link, "unreadable-file", 0),
    "name that is no text": HostileFolder(_name_without_text, "unreadable-file", 0),
    "hidden files": HostileFolder(_hidden, None, 0),
    "folder named like a file": HostileFolder(_folder_named_like_a_file, None, 1),
}

# Paths that a pack may name, with the finding; the folder holds `in.csv` and a link `out.csv` to outside.
PATHS: dict[str, str | None] = {
    "in.csv": None,
    "./sub/../in.csv": None,
    "../outside.csv": "path-escape",
    "../../../../../../etc/passwd": "path-escape",
    "sub/../../outside.csv": "path-escape",
    "/etc/passwd": "path-escape",
    "//etc/passwd": "path-escape",
    "C:\\Windows\\win.ini": "path-escape",
    "C:in.csv": "path-escape",
    "\\\\host\\share\\x.csv": "path-escape",
    "out.csv": "path-escape",
    "loop.csv": "unreadable-file",
    "pipe.csv": "unreadable-file",
    "sub": "unreadable-file",
    "": "unreadable-file",
    ".": "unreadable-file",
    "missing.csv": "unreadable-file",
    "in.csv/../in.csv": None,
    "in.csv\0.png": "unreadable-file",
    "\udcff.csv": "unreadable-file",
    "x" * 5_000: "unreadable-file",
    "d/" * 50_000: "unreadable-file",
    "large.csv": "file-too-large",
}


def _fill_for_paths(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "in.csv").write_text("a,b\n")
    (folder.parent / "outside.csv").write_text("a,b\n")
    (folder / "out.csv").symlink_to("../outside.csv")
    (folder / "loop.csv").symlink_to("loop.csv")
    os.mkfifo(folder / "pipe.csv")
    with (folder / "large.csv").open("wb") as file:
        file.truncate(8 * 1024 * MIB)


def _measure(name: str, read: Callable[[], tuple[list[str], list[int | None], int]]) -> None:
    # This runs as a program of its own, beside `peaks`.
    from peaks import peak_megabytes

    started = time.process_time()
    names, lines, files = read()
    seconds = time.process_time() - started
    peak = peak_megabytes()
    record = {"name": name, "seconds": seconds, "peak_mb": peak, "findings": names, "lines": lines, "files": files}
    print(json.dumps(record), flush=True)


def _read_hostile(name: str) -> None:
    from csflow.diagnostics import Diagnostics
    from csflow.source import read_file, read_folder, read_yaml

    diagnostics = Diagnostics()

    def found() -> tuple[list[str], list[int | None]]:
        findings = list(diagnostics)
        return [finding.name for finding in findings], [f.mark.line if f.mark else None for f in findings]

    def file(data: bytes) -> tuple[list[str], list[int | None], int]:
        tree = read_yaml("hostile.yaml", data, diagnostics)
        return *found(), int(tree is not None)

    def folder(root: Path) -> tuple[list[str], list[int | None], int]:
        files = read_folder(root, diagnostics)
        return *found(), len(files)

    def path(root: Path, relative: str) -> tuple[list[str], list[int | None], int]:
        data = read_file(root, relative, diagnostics)
        return *found(), int(data is not None)

    kind, _, rest = name.partition(":")
    with tempfile.TemporaryDirectory() as above:
        root = Path(above) / "pack"
        root.mkdir()
        if kind == "file":
            data = FILES[rest].data()
            _measure(name, lambda: file(data))
        elif kind == "folder":
            FOLDERS[rest].fill(root)
            _measure(name, lambda: folder(root))
            os.chdir("/")
        else:
            _fill_for_paths(root)
            relative = list(PATHS)[int(rest)]
            _measure(name, lambda: path(root, relative))


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (1024 * MIB, 1024 * MIB))
    resource.setrlimit(resource.RLIMIT_CPU, (50, 50))
    for hostile in sys.argv[1:]:
        _read_hostile(hostile)
