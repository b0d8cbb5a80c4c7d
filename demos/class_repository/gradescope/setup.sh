#!/usr/bin/env bash
# Run by Gradescope once, as root, when the autograder is built (Ubuntu 22.04 or later).
set -e
python3 -c "import sys; sys.exit(sys.version_info < (3, 11))" ||
    { apt-get update && apt-get install -y python3.11; }
adduser student --no-create-home --disabled-password --gecos ""
