#!/usr/bin/env bash
# Makes .venv in this folder: the pinned packages of a run, with --all also those of servers (Dask), tests and checks, and
# this package, editable. Needs Python 3.11 or later; PYTHON names another interpreter than python3.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

python="${PYTHON:-python3}"
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "install.sh: $python is not Python 3.11 or later; name one, as PYTHON=python3.12 bash install.sh" >&2
    exit 1
fi
case "$*" in
    "") lock=requirements.lock ;;
    --all) lock=requirements-all.lock ;;
    *)
        echo "install.sh: knows no '$*', only --all" >&2
        exit 1
        ;;
esac
[ -x .venv/bin/pip ] || "$python" -m venv .venv

# The lock names every package, so pip need resolve nothing. What a run imports is compiled below, on two processors.
pip() { .venv/bin/python -m pip --disable-pip-version-check --no-input "$@"; }
pip install --quiet --no-compile --no-deps --requirement "$lock"
pip install --quiet --no-compile --no-deps --no-build-isolation --editable .
# A system that needs one package more than ours gets it.
pip check >/dev/null || pip install --quiet --requirement "$lock"
# Without bytecode a command takes one to two seconds more: each time, where Python may not write it.
for folder in pipeline_sim .venv/lib/python*/site-packages; do
    .venv/bin/python -m compileall -qq -j 2 -x /tests/ "$folder" || true # a package may hold templates that are no Python
done
