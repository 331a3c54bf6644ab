"""Start of the app: the worker of its queue, then Streamlit in place of this process, on this machine alone."""

import json
import os
import socket
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple, NoReturn

from pipeline_sim.app.job_queue import APP_LOCK, JobQueue, try_lock
from pipeline_sim.records.records_error import file_errors
from pipeline_sim.study.comparison.study_file import load_study
from pipeline_sim.study.study_error import StudyError

ADDRESS, SETTINGS = "127.0.0.1", "PIPELINE_SIM_APP"
INSTALL = "in the folder of the project, bash install.sh --all or pip install --editable '.[app]'"
OPTIONS = {  # no statistics of use, no other host, no watching of files, nothing to deploy
    "server.address": ADDRESS,
    "server.fileWatcherType": "none",
    "server.maxUploadSize": "1",
    "server.showEmailPrompt": "false",
    "browser.gatherUsageStats": "false",
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "client.showSidebarNavigation": "true",
    "runner.magicEnabled": "false",
    "runner.postScriptGC": "false",  # else all objects are looked through each time that any page runs
    "theme.base": "light",
    "theme.primaryColor": "#0b4f8a",
    "theme.textColor": "#0b0c0c",
    "theme.font": "Arial, Helvetica, sans-serif",
}


class Settings(NamedTuple):
    """What the page needs to know of its start."""

    study: Path
    work: Path
    configs: Path
    user_header: str = ""  # of the sign-on in front of the app, that names the user

    @property
    def home(self) -> Path:
        """Folder of the project."""
        return self.configs.resolve().parent


def settings() -> Settings:
    """Settings of the process that started the page."""
    study, work, configs, header = json.loads(os.environ[SETTINGS])
    return Settings(Path(study), Path(work), Path(configs), header)


def prepared_environment(chosen: Settings) -> dict[str, str]:
    """Environment of the page and of the worker."""
    words = [*(str(path.resolve()) for path in chosen[:3]), chosen.user_header]
    return {**os.environ, SETTINGS: json.dumps(words)}


def start_app(chosen: Settings, port: int, browser: bool) -> NoReturn:
    """Become the server of the app; StudyError if it cannot start."""
    if find_spec("streamlit") is None:
        raise StudyError(f"the app needs Streamlit, which is not installed: {INSTALL} installs it")
    load_study(chosen.study)
    with file_errors("write", chosen.work):
        JobQueue(chosen.work, chosen.home)
    with (chosen.work / APP_LOCK).open("a") as lock:
        if not try_lock(lock):
            raise StudyError(f"an app uses {chosen.work} already: end it, or name another folder with --work")
        check_port(port)
        environment = prepared_environment(chosen)
        start_worker(chosen, environment)
        os.set_inheritable(lock.fileno(), True)  # kept by the server that this process becomes
        options = OPTIONS | {"server.port": str(port), "server.headless": "false" if browser else "true"}
        words = [f"--{name}={value}" for name, value in options.items()]
        print(f"http://{ADDRESS}:{port} (Ctrl-C ends the app; a run under way goes on)", flush=True)
        page = str(Path(__file__).with_name("page.py"))
        os.execve(sys.executable, [sys.executable, "-m", "streamlit", "run", page, *words], environment)


def start_worker(chosen: Settings, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    """Worker of the queue in a session of its own, which goes on when the app is killed."""
    with (chosen.work / "worker.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-c", "from pipeline_sim.app.server import work; work()"],
            env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip


def work() -> None:
    """Entry point of the worker."""
    from pipeline_sim.app.queue_worker import serve

    chosen = settings()
    serve(chosen.work, chosen.home, chosen.study)


def check_port(port: int) -> None:
    """Refuse, with StudyError, a port that is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError as problem:
            reason = problem.strerror or problem
            raise StudyError(f"port {port} cannot be used: {reason}; give another with --port") from None
