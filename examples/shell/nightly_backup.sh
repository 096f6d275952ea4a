#!/bin/sh
# Packs a folder, and counts what was packed. Run by runledger-exec: see crontab.
set -eu
folder=$1 archive=$2/backup-$(date +%F).tar.gz

tar -czf "$archive.part" -C "$folder" .
mv "$archive.part" "$archive"

# A program that uses the client adds its steps to this run.
"${PYTHON:-python3}" "$(dirname "$0")/check_archive.py" "$archive"
