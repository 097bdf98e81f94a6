"""`csflow watch` as a user runs it: a process, a file that is saved, Ctrl-C."""

import queue
import re
import signal
import subprocess
import sys
import threading

import pytest
from running import CLEAN_ENVIRONMENT, COMMAND, ROOT, named, spoil

RULE = "decisions/return.yaml"


class Watcher:
    """A watching process, whose lines are read as they come."""

    def __init__(self, *arguments, cwd=ROOT):
        self.process = subprocess.Popen(
            [*COMMAND, "watch", *arguments, "--interval", "0.1"],
            cwd=cwd,
            env=CLEAN_ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        self._lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))

    def until_summary(self):
        """The lines up to the next summary, which is the last."""
        lines = []
        while not lines or not re.match(r"\[\d\d:\d\d:\d\d\] ", lines[-1]):
            lines.append(self._lines.get(timeout=30))
        return lines

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=30)


@pytest.fixture
def watching():
    started = []

    def start(*arguments, **options):
        started.append(Watcher(*arguments, **options))
        return started[-1]

    yield start
    for watcher in started:
        if watcher.process.poll() is None:
            watcher.process.kill()
        watcher.process.wait()
        watcher.process.stdout.close()


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT of POSIX")
def test_a_mistake_shows_when_it_is_saved_and_goes_when_it_is_mended(shop, watching):
    watcher = watching(str(shop), "--lang", "en")
    assert "] 0 errors, " in watcher.until_summary()[-1]
    spoil(shop, RULE, "condition: claim.condition", "condition: claim.conditon")
    found = watcher.until_summary()
    assert found[0] == f"changed: {RULE}"
    assert found[1].startswith(f"{shop.as_posix()}/{RULE}:7:14: error CS201 unknown-fact: ")
    assert "] 1 errors, " in found[-1]
    spoil(shop, RULE, "condition: claim.conditon", "condition: claim.condition")
    assert "] 0 errors, " in watcher.until_summary()[1:][-1]
    (shop / "codes.yaml").unlink()
    gone = watcher.until_summary()
    assert gone[0] == "changed: codes.yaml" and "unknown-symbol" in named("\n".join(gone))
    assert watcher.stop() == 0


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT of POSIX")
def test_the_nearest_pack_is_watched_and_called_as_check_calls_it(shop, watching):
    spoil(shop, RULE, "condition: claim.condition", "condition: claim.conditon")
    watcher = watching("--lang", "zh-TW", cwd=shop / "decisions")
    lines = watcher.until_summary()
    assert lines[0].startswith("../decisions/return.yaml:7:14: error CS201 ")
    assert lines[-1].endswith("] 1 個錯誤，0 個警告，0 個提示")
    assert watcher.stop() == 0


def test_nothing_to_watch_is_a_usage_error(tmp_path):
    for arguments, name in (((), "no-pack-here"), (("nowhere",), "no-such-pack")):
        done = subprocess.run(
            [*COMMAND, "watch", *arguments],
            cwd=tmp_path,
            env=CLEAN_ENVIRONMENT,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        assert done.returncode == 2 and named(done.stdout) == {name}
