#!/usr/bin/env bash
# Installs the grader. Gradescope runs this once, as root, when it builds the image.
set -euo pipefail

root=${AUTOGRADER_ROOT:-/autograder}
source=$root/source

# Suites and solutions are for root alone; a submission runs as another user.
chmod -R go= "$source"

find_python() {
    local name
    for name in python3.13 python3.12 python3.11 python3; do
        if "$name" -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    return 1
}

if ! python=$(find_python); then
    apt-get update
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        python3.13-venv || apt-get install -y --no-install-recommends \
        python3.12-venv || apt-get install -y --no-install-recommends python3.11-venv
    python=$(find_python)
fi

"$python" -m venv "$root/venv"
"$root/venv/bin/pip" install --no-cache-dir @INDEX@\
    --constraint "$source/constraints.txt" "$source/@WHEEL@"

# What exercises train on is drawn once, where submissions may read it.
export GRADE_COURSE=$source/course GRADE_DATA=$root/data
"$root/venv/bin/grade" data shapes10

# The log of the build shows whether submissions can be locked in on this machine.
"$root/venv/bin/grade" doctor || echo "grade doctor found something; see above." >&2
