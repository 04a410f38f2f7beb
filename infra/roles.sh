#!/bin/sh
# The two database roles: jifen_owner owns the schemas, jifen_app serves and owns nothing. Runs once, in a new cluster.
set -eu
psql --username postgres --dbname jifen --set owner="$OWNER_PASSWORD" --set app="$APP_PASSWORD" <<'SQL'
CREATE ROLE jifen_owner LOGIN PASSWORD :'owner';
CREATE ROLE jifen_app LOGIN PASSWORD :'app';
ALTER DATABASE jifen OWNER TO jifen_owner;
SQL
