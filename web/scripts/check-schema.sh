#!/usr/bin/env bash
# Fails when web/src/api/schema.d.ts is not what the server as it was last built (Release) describes. With --write it is made so.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
work=$(mktemp -d)
finish() {
  kill "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  rm -rf "$work"
}
port=$((20000 + RANDOM % 12000))
ASPNETCORE_ENVIRONMENT=Development PORT=$port FOCOBOT_DATA_DIR=$work/data Logging__LogLevel__Default=Error dotnet artifacts/bin/FocoBot.Server/release/FocoBot.Server.dll >/dev/null &
pid=$!
trap finish EXIT
for _ in $(seq 150); do
  curl -fs -o "$work/openapi.json" "http://localhost:$port/openapi/v1.json" && break
  sleep 0.2
done
(cd web && npx --no-install openapi-typescript "$work/openapi.json" -o "$work/schema.d.ts" >/dev/null)
if [ "${1:-}" = --write ]; then
  cp "$work/schema.d.ts" web/src/api/schema.d.ts
elif ! cmp -s "$work/schema.d.ts" web/src/api/schema.d.ts; then
  echo "web/src/api/schema.d.ts is stale: run web/scripts/check-schema.sh --write" >&2
  diff "$work/schema.d.ts" web/src/api/schema.d.ts | head -20 >&2
  exit 1
fi
