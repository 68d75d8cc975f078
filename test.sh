#!/usr/bin/env bash
# Runs every suite and ends with one line: N passed, N failed, N skipped.
#   ./test.sh          what must pass before a change lands
#   ./test.sh --long   also the long loops (hundreds of kills, 100,000 hostile requests)
# Installs what it lacks (Debian's packages, NuGet, npm). A missing tool is a failure, never a skip.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

long=0
[ "${1:-}" = "--long" ] && long=1
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
work=$(mktemp -d)
pg_data=$work/postgres
as_postgres() { if [ "$(id -u)" = 0 ]; then setpriv --reuid postgres --regid postgres --init-groups "$@"; else "$@"; fi; }
finish() {
  [ -f "$pg_data/postmaster.pid" ] && as_postgres "$pg_bin/pg_ctl" -D "$pg_data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap finish EXIT

step() { printf '\n== %s\n' "$*"; }

install() {
  step "Installing $*"
  local sudo=""
  [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo apt-get update -q >"$work/apt.log" 2>&1 && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -q --no-install-recommends "$@" >>"$work/apt.log" 2>&1 \
    || { cat "$work/apt.log"; return 1; }
}

postgres_bin() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1; }

step "Tools"
[ -n "$(postgres_bin)" ] && [ -x "$(postgres_bin)/initdb" ] || install postgresql
pg_bin=$(postgres_bin)
# The real browser.
[ -x /usr/bin/chromium ] || install chromium
# An independent implementation of Curve25519 to compare ours with.
ldconfig -p | grep -q 'libsodium\.so\.23' || install libsodium23
for folder in tests/contract tests/interop tests/interop/older web; do
  [ $folder/node_modules/.package-lock.json -nt $folder/package-lock.json ] && continue
  (cd $folder && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
  touch $folder/node_modules/.package-lock.json
done

step "Build (warnings are errors) and format"
dotnet build FocoBot.slnx -c Release -v quiet
dotnet format FocoBot.slnx --verify-no-changes --no-restore --verbosity quiet
(cd web && npm run --silent lint)
# The product as it is run, with its web app, and the offline network.
dotnet publish src/FocoBot.Server/FocoBot.Server.csproj -c Release -o artifacts/e2e -v quiet -p:BuildWebApp=true
dotnet publish src/FocoBot.Sandbox/FocoBot.Sandbox.csproj -c Release -o artifacts/e2e-sandbox -v quiet

step "PostgreSQL, a private one"
mkdir "$pg_data"
[ "$(id -u)" = 0 ] && chown postgres "$work" "$pg_data"
port=$((20000 + RANDOM % 12000))
as_postgres "$pg_bin/initdb" -D "$pg_data" -U postgres -A trust -E UTF8 --no-sync >/dev/null
as_postgres "$pg_bin/pg_ctl" -D "$pg_data" -l "$work/postgres.log" -w \
  -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$work -c fsync=off -c max_connections=400" start >/dev/null
export FOCOBOT_TEST_POSTGRES="Host=127.0.0.1;Port=$port;Username=postgres;Database=postgres"

passed=0 failed=0 skipped=0
attribute() { grep -o " $2=\"[0-9]*\"" "$1" | head -n 1 | tr -dc 0-9; }

# Adds what a JUnit report counts to ours.
count() {
  local name=$1 report=$2 tests bad ignored
  if [ ! -s "$report" ]; then
    echo "The suite $name did not run to its end."
    failed=$((failed + 1))
    return
  fi
  grep -o '<testsuites [^>]*>' "$report" | head -n 1 >"$report.head"
  tests=$(attribute "$report.head" tests) ignored=$(grep -c '<skipped' "$report" || true)
  bad=$(($(attribute "$report.head" failures) + $(attribute "$report.head" errors)))
  passed=$((passed + tests - bad - ignored))
  failed=$((failed + bad))
  skipped=$((skipped + ignored))
  awk -v suite="$name" '/<testcase / { match($0, / name="[^"]*"/); test = substr($0, RSTART + 7, RLENGTH - 8) } /<(failure|error)[ >]/ { print suite ": " test }' "$report" | sort -u >>"$work/failures"
}

# Runs a test program with some filters and adds its counts to ours.
suite() {
  local name=$1 report=$work/$1.xml program=$2
  shift 2
  step "Suite: $name"
  dotnet "artifacts/bin/$program/release/$program.dll" -noColor -noLogo -xml "$report" "$@" || true
  if [ ! -s "$report" ]; then
    echo "The suite $name did not run to its end."
    failed=$((failed + 1))
    return
  fi
  sed -n 's/.*\(<assembly .*\)/\1/p' "$report" | head -n 1 >"$report.head"
  passed=$((passed + $(attribute "$report.head" passed)))
  failed=$((failed + $(attribute "$report.head" failed) + $(attribute "$report.head" errors)))
  skipped=$((skipped + $(attribute "$report.head" skipped)))
  { grep -o '<test [^>]*result="Fail"[^>]*>' "$report" || true; } | sed "s/.* name=\"\([^\"]*\)\".*/$name: \1/" >>"$work/failures"
}

length=(-trait- Length=long)
[ $long = 1 ] && length=()
# What needs no store runs once; what does runs on both engines. Tests for one engine alone carry its name as a trait.
no_store=(FocoBot.Tests.Structure FocoBot.Tests.Understanding FocoBot.Tests.LanguageModels FocoBot.Tests.Channels.Twilio FocoBot.Tests.Channels.Twilio.Contract)
without=()
for namespace in "${no_store[@]}"; do without+=(-namespace- "$namespace"); done

suite whatsapp-library FocoBot.WhatsApp.Tests "${length[@]}"
FOCOBOT_TEST_ENGINE=sqlite suite everything-on-sqlite FocoBot.Server.Tests -trait- Engine=postgres "${length[@]}"
FOCOBOT_TEST_ENGINE=postgres suite storage-and-host-on-postgres FocoBot.Server.Tests -trait- Engine=sqlite "${without[@]}" "${length[@]}"

step "Suite: web app"
(cd web && FOCOBOT_WEB_REPORT=$work/web.xml npm test --silent) || true
count web-app "$work/web.xml"
# Its types are those of the API as it is.
if ./web/scripts/check-schema.sh; then passed=$((passed + 1)); else failed=$((failed + 1)) && echo "web-app: the types of the API are stale" >>"$work/failures"; fi

step "Suite: browser"
(cd web && FOCOBOT_E2E_REPORT=$work/browser.xml npm run --silent e2e) || true
count browser "$work/browser.xml"

if [ -n "${CI:-}" ] && [ "$skipped" -gt 0 ]; then
  echo "In CI a skipped test is a failed one."
  failed=$((failed + skipped))
fi
[ -s "$work/failures" ] && printf '\nFailed:\n' && cat "$work/failures"
printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
