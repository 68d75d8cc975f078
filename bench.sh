#!/usr/bin/env bash
# Measures FocoBot on this machine and prints one table.
#   ./bench.sh understand     the parser: messages a second on one core
#   ./bench.sh protocol [PART…]   the protocol library against Baileys and libsodium, alternately; without parts, all of them
#   ./bench.sh fuzz [COUNT] [SEED]   damaged recordings into everything that decodes what a peer sends
#   ./bench.sh devices [--count 10000] …   linked devices on the server: memory, idle, traffic, restart; and 200 beside Baileys (an hour)
#   ./bench.sh web            the web app in Chromium: first paint on a slowed-down processor, scrolling
#   ./bench.sh webhook [--engine sqlite|postgres|both] [--rate N] [--seconds 30] [--phones 12000] [--out FILE]
# Installs PostgreSQL (Debian's package) when it is needed and missing, and runs a private one with fsync=on.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bench=$here/artifacts/bin/FocoBot.Bench/release/FocoBot.Bench.dll

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
# Compiled ahead, as run.sh does.
publish() { dotnet publish "$here/$1" -c Release -o "$here/artifacts/$2" -v quiet -p:PublishReadyToRun=true --use-current-runtime --self-contained "${3:-false}" "${@:4}" >&2; }

if [ "${1:-}" = fuzz ]; then
  dotnet build "$here/bench/FocoBot.WhatsApp.Bench/FocoBot.WhatsApp.Bench.csproj" -c Release -v quiet >&2
  exec nice -n 19 dotnet "$here/artifacts/bin/FocoBot.WhatsApp.Bench/release/FocoBot.WhatsApp.Bench.dll" "$@"
fi

baileys() { [ -d "$here/tests/interop/node_modules" ] || (cd "$here/tests/interop" && npm ci --ignore-scripts --no-audit --no-fund >&2); }

if [ "${1:-}" = web ]; then
  publish src/FocoBot.Server/FocoBot.Server.csproj e2e false -p:BuildWebApp=true
  publish src/FocoBot.Sandbox/FocoBot.Sandbox.csproj e2e-sandbox
  cd "$here/web"
  exec npm run --silent measure
fi

if [ "${1:-}" = protocol ]; then
  shift
  baileys
  # With the framework in one image: what is generic over types of the framework and ours alike is only then compiled ahead.
  publish bench/FocoBot.WhatsApp.Bench/FocoBot.WhatsApp.Bench.csproj bench-protocol true
  publish src/FocoBot.Sandbox/FocoBot.Sandbox.csproj bench-sandbox
  export FOCOBOT_BENCH_SANDBOX=$here/artifacts/bench-sandbox/FocoBot.Sandbox.dll
  exec "$here/artifacts/bench-protocol/FocoBot.WhatsApp.Bench" "$@"
fi
dotnet build "$here/bench/FocoBot.Bench/FocoBot.Bench.csproj" -c Release -v quiet >&2
if [ "${1:-}" = understand ]; then
  shift
  [ $# -gt 0 ] || set -- "$here"/tests/FocoBot.Server.Tests/Understanding/Texts/*.jsonl
  exec dotnet "$bench" understand "$@"
fi

publish src/FocoBot.Server/FocoBot.Server.csproj bench
export FOCOBOT_BENCH_SERVER=$here/artifacts/bench/FocoBot.Server.dll

if [ "${1:-}" = devices ]; then
  baileys
  publish src/FocoBot.Sandbox/FocoBot.Sandbox.csproj bench-sandbox
  export FOCOBOT_BENCH_SANDBOX=$here/artifacts/bench-sandbox/FocoBot.Sandbox.dll
  # For the part over TLS: a certificate that the server trusts beside the system's.
  FOCOBOT_BENCH_CERTIFICATE=$(mktemp)
  SSL_CERT_FILE=$FOCOBOT_BENCH_CERTIFICATE
  export FOCOBOT_BENCH_CERTIFICATE SSL_CERT_FILE
  trap 'rm -f "$FOCOBOT_BENCH_CERTIFICATE"' EXIT
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -keyout - -out - 2>/dev/null >"$FOCOBOT_BENCH_CERTIFICATE"
  dotnet "$bench" "$@"
  exit
fi

case " $* " in
  *" --engine sqlite "*) exec dotnet "$bench" "$@" ;;
esac

work=$(mktemp -d)
data=$work/postgres
as_postgres() { if [ "$(id -u)" = 0 ]; then setpriv --reuid postgres --regid postgres --init-groups "$@"; else "$@"; fi; }
finish() {
  [ -f "$data/postmaster.pid" ] && as_postgres "$bin/pg_ctl" -D "$data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap finish EXIT

postgres_bin() { find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1; }
bin=$(postgres_bin)
if [ -z "$bin" ]; then
  sudo=""
  [ "$(id -u)" = 0 ] || sudo=sudo
  { $sudo apt-get update -q && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -q --no-install-recommends postgresql; } >&2
  bin=$(postgres_bin)
fi

mkdir "$data"
[ "$(id -u)" = 0 ] && chown postgres "$work" "$data"
port=$((20000 + RANDOM % 12000))
as_postgres "$bin/initdb" -D "$data" -U postgres -A trust -E UTF8 >/dev/null
as_postgres "$bin/pg_ctl" -D "$data" -l "$work/postgres.log" -w -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$work \
  -c fsync=on -c synchronous_commit=on -c shared_buffers=512MB -c max_wal_size=4GB" start >/dev/null
FOCOBOT_BENCH_POSTGRES_PID=$(head -n 1 "$data/postmaster.pid")
export FOCOBOT_BENCH_POSTGRES="Host=127.0.0.1;Port=$port;Username=postgres;Database=postgres" FOCOBOT_BENCH_POSTGRES_PID
dotnet "$bench" "$@"
