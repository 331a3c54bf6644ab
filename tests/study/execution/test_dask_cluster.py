"""A Dask cluster: workers that are not what the client is are refused by name, and a job script is as asked for."""

from contextlib import suppress
from pathlib import Path
from socket import socket
from types import SimpleNamespace

import pytest
from support.worlds.tiny_study import question

from pipeline_sim.study.execution import dask_cluster as room
from pipeline_sim.study.execution import worker_check as border
from pipeline_sim.study.execution.dask_cluster import (
    Task,
    check_workers,
    slurm_cluster,
    slurm_options,
    with_absolute_paths,
    worker_count,
)
from pipeline_sim.study.execution.fill_store import Job, JobResult, JobSizer, jobs_of, run_paired_job
from pipeline_sim.study.execution.worker_check import WorkerRequirements, mismatch, requirements_of
from pipeline_sim.study.execution.worker_pool import WorkerPool
from pipeline_sim.study.replication.run_setting import ParameterSampling
from pipeline_sim.study.study_error import StudyError


def passport(folder: Path) -> WorkerRequirements:
    """That of this process, for the tiny study."""
    return requirements_of(with_absolute_paths(tuple(question(folder).worlds.values())))


def test_the_same_program_with_the_same_files_may_work(tmp_path: Path) -> None:
    assert mismatch(passport(tmp_path)) is None


@pytest.mark.parametrize("trait", range(5))
def test_another_version_is_named(tmp_path: Path, trait: int) -> None:
    mine = passport(tmp_path)
    traits = list(mine.traits)
    name, here = traits[trait]
    traits[trait] = (name, "0.0.1")
    said = mismatch(mine._replace(traits=tuple(traits)))
    assert said is not None
    assert said.endswith(f"cannot work for this client: {name} is {here}, the client's is 0.0.1")


def test_other_files_are_named(tmp_path: Path) -> None:
    mine = passport(tmp_path)
    changed = [(world, "0" * 12 if world.mix else digest) for world, digest in mine.worlds]
    assert "money.toml is not the file that the client has" in str(mismatch(mine._replace(worlds=tuple(changed))))
    gone = [(world._replace(layers=("/nowhere/tiny.toml",)), digest) for world, digest in mine.worlds[:1]]
    assert "/nowhere/tiny.toml" in str(mismatch(mine._replace(worlds=tuple(gone))))


def test_a_job_asks_for_the_passport(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = question(tmp_path).run_plan
    job = Job(("none",), (plan.worlds["none"],), plan.setting, (0,), passport(tmp_path))
    monkeypatch.setattr(border, "environment_traits", lambda: (("numpy", "0.0.1"),) * 5)
    mismatch.cache_clear()
    with pytest.raises(StudyError, match="numpy is"):
        run_paired_job(job)
    mismatch.cache_clear()


@pytest.mark.parametrize("found", [ModuleNotFoundError("No module named 'pipeline_sim'"), "numpy is 1, not 2"])
def test_no_job_is_sent_to_a_stranger(tmp_path: Path, found: object) -> None:
    client = SimpleNamespace(run=lambda *_, **__: {"tcp://a:1": None, "tcp://b:2": found})
    with pytest.raises(StudyError, match="tcp://b:2"):
        check_workers(client, passport(tmp_path))


def test_jobs_take_about_ten_seconds(tmp_path: Path) -> None:
    plan, sizer = question(tmp_path).run_plan, JobSizer(0, ParameterSampling(1))
    pool = WorkerPool(lambda _: None, lambda: 2, lambda: 0.0, job_seconds=10.0)  # type: ignore[arg-type, return-value]
    missing = [(number, ("none",) if number < 70 else ("none", "money")) for number in range(100)]
    sizes, numbers = [], []
    for job in jobs_of(plan, missing, pool, sizer):
        sizes.append(len(job.numbers))
        numbers += job.numbers
        sizer.record(JobResult(job.names, dict.fromkeys(job.numbers, ()), 2.0 * len(job.numbers)))
    assert sizes[:3] == [1, 5, 5]
    assert max(sizes) == 5
    assert sizes[-1] == 1
    assert numbers == list(range(100))


@pytest.mark.parametrize(
    ("shares_memory", "sampled", "repeat_every", "sizes"),
    [
        (False, True, 1, [2, 2, 2, 1, 1]),  # the last draw is shared out, so that both end together
        (False, True, 4, [1, 1, 1, 2, 1, 1, 1]),
        (False, True, 0, [1] * 8),
        (False, False, 1, [1] * 8),
        (True, True, 1, [1] * 8),
    ],
)
def test_workers_without_common_memory_run_whole_draws(
    tmp_path: Path, shares_memory: bool, sampled: bool, repeat_every: int, sizes: list[int]
) -> None:
    sizer = JobSizer(0, ParameterSampling(1, repeat_every, sampled=sampled))
    pool = WorkerPool(lambda _: None, lambda: 2, lambda: 0.0, shares_memory=shares_memory)  # type: ignore[arg-type, return-value]
    jobs = list(jobs_of(question(tmp_path).run_plan, [(number, ("none",)) for number in range(8)], pool, sizer))
    assert [len(job.numbers) for job in jobs] == sizes
    assert [number for job in jobs for number in job.numbers] == list(range(8))


def test_a_slurm_job_is_as_asked_for_also_where_the_port_of_dask_is_taken() -> None:
    pytest.importorskip("dask_jobqueue")
    options = slurm_options("cores=16,memory=32GB,walltime=04:00:00,queue=short")
    with socket() as of_another_user:
        with suppress(OSError):  # taken already
            of_another_user.bind(("", 8787))
            of_another_user.listen()
        with slurm_cluster(options) as found:
            script = found.job_script()
    assert {"#SBATCH --cpus-per-task=16", "#SBATCH -t 04:00:00", "#SBATCH -p short"} <= set(script.splitlines())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("many", "--slurm is 'many', should be names and values"),
        ("queue=short", "should say cores and memory"),
        ("cores=1,memory=2GB,wall_time=1", "no option 'wall_time'; nearest is 'walltime'"),
    ],
)
def test_wrong_options_of_slurm_are_one_line(text: str, says: str) -> None:
    pytest.importorskip("dask_jobqueue")
    with pytest.raises(StudyError, match=says) as refused:
        slurm_cluster(slurm_options(text))
    assert "\n" not in str(refused.value)


def test_slurm_is_said_to_be_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room.shutil, "which", lambda _: None)
    with (
        pytest.raises(StudyError, match="no sbatch here"),
        room.slurm(Task(run_paired_job, passport(tmp_path), print), {}, 1),
    ):
        pass


def test_that_no_worker_is_left_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "SECONDS_BETWEEN_COUNTS", 0.0)
    there: list[dict[str, int]] = [{"a": 2, "b": 1}, {"a": 2}, {}, {}, {"c": 1}, {}]
    said: list[str] = []
    workers = worker_count(lambda: there.pop(0), "tcp://a:8786", said.append)
    assert [workers() for _ in range(6)] == [3, 2, 1, 1, 1, 1]
    assert said == ["tcp://a:8786 has no worker left; waiting for one (Ctrl-C keeps what is finished)"] * 2
