#!/usr/bin/env bash
# Runs FocoBot: the server with its web app on http://localhost:5080, or a command of it (./run.sh understand), or the offline
# WhatsApp network alone on http://127.0.0.1:5090 (./run.sh sandbox [--urls …] [--seed N] [--media https://…]).
# In Development the offline network is started along, so that everything can be tried without an account (FOCOBOT_SANDBOX_URL= leaves it out).
# Builds only when the sources changed since the last build.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
server=artifacts/run sandbox=artifacts/run-sandbox

# Publishes a program into a folder, unless it is there and nothing has changed.
build() {
  local project=$1 built=$2 sources=(src Directory.Build.props Directory.Packages.props global.json)
  shift 2
  [ "$project" = FocoBot.Server ] && sources+=(web)
  [ -f "$built/.built" ] && [ -z "$(find "${sources[@]}" -newer "$built/.built" -not -path '*/node_modules*' -not -path '*/wwwroot*' -not -path '*/test-results*' -not -path 'web/e2e*' -type f -print -quit)" ] && return
  local log
  log=$(mktemp)
  echo "Building $project (only after changes) …" >&2
  if ! dotnet publish "src/$project/$project.csproj" -c Release -o "$built" -v quiet -p:PublishReadyToRun=true --use-current-runtime --self-contained false "$@" >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    exit 1
  fi
  rm -f "$log"
  touch "$built/.built"
}

if [ "${1:-}" = sandbox ]; then
  shift
  build FocoBot.Sandbox $sandbox
  exec dotnet $sandbox/FocoBot.Sandbox.dll "$@"
fi

build FocoBot.Server $server -p:BuildWebApp=true
if [ $# -gt 0 ]; then
  exec dotnet $server/FocoBot.Server.dll "$@"
fi

export ASPNETCORE_ENVIRONMENT="${ASPNETCORE_ENVIRONMENT:-Development}"
export FOCOBOT_DATA_DIR="${FOCOBOT_DATA_DIR:-./data}"
url=${ASPNETCORE_URLS:-http://localhost:${PORT:-5080}} # what the server chooses by itself
url=${url%%;*}
if [ "$ASPNETCORE_ENVIRONMENT" = Development ] && [ -z "${FOCOBOT_SANDBOX_URL+set}" ]; then
  build FocoBot.Sandbox $sandbox
  export FOCOBOT_SANDBOX_URL=http://127.0.0.1:5090
  with_sandbox=1
fi
cat <<TXT
FocoBot starts on $url   (data in $FOCOBOT_DATA_DIR, ${ASPNETCORE_ENVIRONMENT})

  Open $url, make an account (the first one is the administrator), and talk to the assistant.
  Without a WhatsApp account: "Teléfono virtual" in the menu is a phone to link and to write with.
  For programs: $url/docs. For a business number set the TWILIO_* variables (README, "WhatsApp through Twilio").

Ctrl+C stops it.
TXT
[ -n "${with_sandbox:-}" ] || exec dotnet $server/FocoBot.Server.dll

dotnet $sandbox/FocoBot.Sandbox.dll --urls "$FOCOBOT_SANDBOX_URL" --Logging:LogLevel:Default=Warning &
sandbox_pid=$!
dotnet $server/FocoBot.Server.dll &
server_pid=$!
# What stops this script stops the server in good order; the network ends after it.
trap 'kill -TERM $server_pid 2>/dev/null || true' TERM INT HUP
trap 'kill $sandbox_pid 2>/dev/null || true' EXIT
status=0
while wait $server_pid || status=$?; kill -0 $server_pid 2>/dev/null; do status=0; done
exit $status
