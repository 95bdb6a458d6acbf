#!/bin/sh
# Puts a backup back into an EMPTY database, never over one that holds anything: restore.sh FILE
set -eu
umask 077

file=${1:?usage: restore.sh FILE}
url=${NAKODO_DATABASE_URL:-sqlite:///nakodo.db}
[ -f "$file" ] || { echo "restore: there is no backup at $file" >&2; exit 2; }

case $url in
  sqlite*)
    target=${url#sqlite*:///}
    if [ -e "$target" ]; then
      echo "restore: $target is there already; stop the bot and move it aside first (with its -wal and -shm)" >&2
      exit 1
    fi
    cp -- "$file" "$target.part"
    mv -- "$target.part" "$target"
    ;;
  postgresql*)
    plain=$(printf %s "$url" | sed 's/^postgresql+[a-z0-9]*:/postgresql:/')
    tables=$(psql -XAtc "select count(*) from pg_tables where schemaname = 'public'" "$plain")
    if [ "$tables" != 0 ]; then
      echo "restore: that database holds $tables tables already; restore into an empty one" >&2
      exit 1
    fi
    pg_restore --exit-on-error --single-transaction --no-owner --dbname="$plain" "$file"
    ;;
  *)
    echo 'restore: NAKODO_DATABASE_URL is neither SQLite nor PostgreSQL' >&2
    exit 2
    ;;
esac
echo 'restore: done. Start the bot with the NAKODO_SECRET_KEY of that time, then run `nakodo doctor`.'
