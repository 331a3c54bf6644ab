#!/usr/bin/env bash
# Makes .venv in this folder: the packages of requirements.lock and, editable, this one. Needs Python 3.11 or later;
# PYTHON names another interpreter than python3.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

python="${PYTHON:-python3}"
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "install.sh: $python is not Python 3.11 or later; name one, as PYTHON=python3.12 bash install.sh" >&2
    exit 1
fi
[ -x .venv/bin/pip ] || "$python" -m venv .venv

pip() { .venv/bin/python -m pip --disable-pip-version-check --no-input "$@"; }
pip install --quiet --requirement requirements.lock
pip install --quiet --no-deps --no-build-isolation --editable .
