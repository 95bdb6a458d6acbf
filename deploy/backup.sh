#!/bin/sh
# Backs up what Nakodo remembers into FOLDER, checks that the copy can be read, keeps the newest 14: backup.sh FOLDER
set -eu
umask 077

folder=${1:?usage: backup.sh FOLDER}
keep=${KEEP:-14}
url=${NAKODO_DATABASE_URL:-sqlite:///nakodo.db}
python=${PYTHON:-$(dirname "$0")/../.venv/bin/python}
[ -x "$python" ] || python=python3
stamp=$(date -u +%Y%m%dT%H%M%SZ)
mkdir -p "$folder"

case $url in
  sqlite*)
    kept=$folder/nakodo-$stamp.db
    # SQLite's own backup reads a consistent state while the bot goes on writing; copying the file would not.
    "$python" - "${url#sqlite*:///}" "$kept.part" <<'PY'
import sqlite3, sys
from contextlib import closing
from pathlib import Path

source, target = (Path(name).resolve() for name in sys.argv[1:])
if not source.is_file():
    sys.exit(f"backup: there is no database at {source}")
with closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as live, closing(sqlite3.connect(target)) as copy:
    live.backup(copy)
    copy.execute("PRAGMA journal_mode = DELETE")
    # The index of words is made anew after a restore: here it would outlive the words of whoever is forgotten meanwhile.
    if copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'search_block'").fetchone():
        copy.execute("PRAGMA secure_delete = ON")
        copy.execute("DELETE FROM search_block")
        copy.commit()
    if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
        sys.exit("backup: the copy is damaged; the older backups are untouched")
PY
    ;;
  postgresql*)
    kept=$folder/nakodo-$stamp.dump
    # The part after the plus sign names a Python driver, which pg_dump does not know.
    pg_dump --format=custom --no-owner --exclude-table-data=search_block --file="$kept.part" "$(printf %s "$url" | sed 's/^postgresql+[a-z0-9]*:/postgresql:/')"
    pg_restore --list "$kept.part" >/dev/null
    ;;
  *)
    echo 'backup: NAKODO_DATABASE_URL is neither SQLite nor PostgreSQL' >&2
    exit 2
    ;;
esac

mv "$kept.part" "$kept"
# Only after the new copy is whole may old ones go. Names sort by time.
find "$folder" -maxdepth 1 -name 'nakodo-*' ! -name '*.part' | sort -r | tail -n +"$((keep + 1))" | while read -r old; do
  rm -- "$old"
done
echo "backup: $kept"
