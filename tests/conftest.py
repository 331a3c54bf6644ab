"""Settings of all tests: examples that are the same everywhere, a kind for each test, Ctrl-C, an object store."""

import signal
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import providers
from support.typed_command import run_command

HERE = Path(__file__).parent
FOLDERS = {"laws": "law", "parity": "parity", "baselines": "baseline"}  # kind of a test with no mark; else a unit test
KINDS = frozenset({"unit", *FOLDERS.values()})

# No test asserts a time, so none is ended for its own either: machines are sometimes slow.
settings.register_profile("ours", deadline=None)
settings.load_profile("ours")

# Hypothesis mixes into its numbers those written in whatever modules happen to be imported, so which worlds are drawn
# would depend on the tests that ran before. Without them the examples of a test are the same wherever it is run.
providers._get_local_constants = lambda: providers._local_constants  # type: ignore[attr-defined]


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Mark tests that have no kind with that of their folder; refuse those with more than one."""
    report = yield
    unclear = []
    for item in (item for item in report.result or () if isinstance(item, pytest.Item)):
        kinds = KINDS & {mark.name for mark in item.iter_markers()}
        if not kinds:
            item.add_marker(FOLDERS.get(item.path.relative_to(HERE).parts[0], "unit"))
        elif len(kinds) > 1:
            unclear.append(f"{item.nodeid} has {len(kinds)}")
    if unclear:
        report.outcome, report.result = "failed", []
        report.longrepr = "\n".join([f"a test has one mark of {', '.join(sorted(KINDS))}:", *unclear])
    return report


@pytest.fixture(autouse=True, scope="session")
def _hears_interrupts() -> Iterator[None]:
    """A shell that runs tests in the background makes them, and all that they start, deaf to SIGINT."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def bucket() -> Iterator[str]:
    """A folder of an S3 server on this machine."""
    server_of = pytest.importorskip("moto.server")
    boto = pytest.importorskip("boto3")
    keys = {"AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": "nothing", "AWS_EC2_METADATA_DISABLED": "true"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in keys.items():
            patch.setenv(name, value)
        server = server_of.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        host, port = server.get_host_and_port()
        client = boto.client("s3", endpoint_url=f"http://{host}:{port}", region_name="us-east-1")
        client.create_bucket(Bucket="answers")
        yield f"s3://answers/study?endpoint_override={host}:{port}&scheme=http&region=us-east-1"
        server.stop()


class Said(NamedTuple):
    """Exit status of a command, and what it printed and complained of."""

    status: int
    out: str
    err: str


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Said]:
    """Types a command in an empty folder, in this process."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> Said:
        done = run_command(tmp_path, *words)
        return Said(done.returncode, done.stdout, done.stderr)

    return run
