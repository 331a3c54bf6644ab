"""Commands run in this process, as a shell would run them: a process of their own takes two seconds to start."""

import io
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

from pipeline_sim.cli import app


def run_command(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Exit status and output of a command line run in a folder."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    command = mock.patch.object(sys, "argv", ["pipeline-sim", *words])
    status: object = 0
    with chdir(folder), command, redirect_stdout(out), redirect_stderr(err):
        try:
            app.main()
        except SystemExit as ended:
            status = ended.code
    texts = (stream.buffer.getvalue().decode() for stream in (out, err))  # type: ignore[attr-defined]
    return subprocess.CompletedProcess(words, int(status or 0), *texts)  # type: ignore[call-overload]
