"""Types a command as a shell would, but in this process: one of its own takes two seconds to start."""

import io
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

from pipeline_sim.cli import app


def typed(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Status and what was printed, when typed in a folder."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    command = mock.patch.object(sys, "argv", ["pipeline-sim", *words])
    status: object = 0
    with chdir(folder), command, redirect_stdout(out), redirect_stderr(err):
        try:
            app.main()
        except SystemExit as ended:
            status = ended.code
    said = (stream.buffer.getvalue().decode() for stream in (out, err))  # type: ignore[attr-defined]
    return subprocess.CompletedProcess(words, int(status or 0), *said)  # type: ignore[call-overload]
