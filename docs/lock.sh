#!/bin/sh
# Write requirements.txt and requirements-test.txt anew from pyproject.toml: every package pinned with its hashes,
# for all platforms and Python 3.11 to 3.14. Needs uv.
set -e
cd "$(dirname "$0")/.."
common="--universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links --no-emit-package dunlog -q"
uv pip compile $common pyproject.toml --extra build -o requirements.txt
uv pip compile $common pyproject.toml --extra build --extra test -c requirements.txt -o requirements-test.txt
