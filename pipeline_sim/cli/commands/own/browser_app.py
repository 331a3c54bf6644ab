"""The command `app`: a policy team's own questions in a browser, on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline_sim.cli.terminal.default_paths import CONFIGS, RESULTS, default_study
from pipeline_sim.cli.terminal.options import AskedStudy


def app(
    study: AskedStudy = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on this machine.")] = 8501,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Open no browser.")] = False,
    work: Annotated[Path, typer.Option(help="Folder of questions, their runs and results.")] = RESULTS / "app",
    user_header: Annotated[
        str,
        typer.Option(help="Header in which a sign-on in front of the app names the user, such as X-Forwarded-User."),
    ] = "",
) -> None:
    """Ask own questions in a browser: build mixes, compare them, take the answer away."""
    from pipeline_sim.app.server import Settings, start_app

    start_app(Settings(default_study(study), work, CONFIGS, user_header), port, not no_browser)
