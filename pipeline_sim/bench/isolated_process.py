"""Child processes with requests and answers as lines of JSON, so that no measurement affects another."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from types import TracebackType
from typing import Any

from pipeline_sim.study.study_error import StudyError

SECONDS_TO_END = 10


class IsolatedProcess:
    """Child process that runs a module of `bench`; it ends with the block, at the latest with its parent."""

    def __init__(self, module: str, arguments: dict[str, Any], **environment: str) -> None:
        self._command = (sys.executable, "-m", f"pipeline_sim.bench.{module}", json.dumps(arguments))
        self._environment = environment

    def __enter__(self) -> "IsolatedProcess":
        self._errors = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            start_new_session=True,  # Ctrl-C is for the parent
            env={**os.environ, **self._environment},
        )
        return self

    def request(self, **request: Any) -> dict[str, Any]:
        """Answer to a request; StudyError if there is none."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise self._dead() from None
        return self.read_answer()

    def read_answer(self) -> dict[str, Any]:
        """Next answer; StudyError if the process has ended or reports a problem."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise self._dead()
        answer: dict[str, Any] = json.loads(line)
        if "problem" in answer:
            raise StudyError(answer["problem"])
        return answer

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end(at_once=problem is not None)
        self._errors.close()

    def _end(self, at_once: bool) -> None:
        if at_once:
            self._process.kill()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        try:
            self._process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def _dead(self) -> StudyError:
        self._end(at_once=False)
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").splitlines()
        why = next((line for line in reversed(lines) if line.strip()), "")
        if self._process.returncode == -signal.SIGKILL:
            why = "killed, perhaps for want of memory: try smaller --scales"
        return StudyError(f"a process that was measured ended: {why or f'status {self._process.returncode}'}")
