#!/usr/bin/env bash
# Runs FocoBot: the server on http://localhost:5080, or a command of it (./run.sh understand), or the offline WhatsApp network
# on http://127.0.0.1:5090 (./run.sh sandbox [--urls …] [--seed N] [--media https://…]).
# Builds only when the sources changed since the last build.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
program=FocoBot.Server built=artifacts/run
if [ "${1:-}" = sandbox ]; then
  program=FocoBot.Sandbox built=artifacts/run-sandbox
  shift
fi
stamp=$built/.built

if [ ! -f "$stamp" ] || [ -n "$(find src Directory.Build.props Directory.Packages.props global.json -newer "$stamp" -not -path '*/obj/*' -not -path '*/bin/*' -print -quit)" ]; then
  log=$(mktemp)
  echo "Building FocoBot (only after changes) …" >&2
  if ! dotnet publish "src/$program/$program.csproj" -c Release -o "$built" -v quiet -p:PublishReadyToRun=true --use-current-runtime --self-contained false >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    exit 1
  fi
  rm -f "$log"
  touch "$stamp"
fi

if [ $# -gt 0 ] || [ $program != FocoBot.Server ]; then
  exec dotnet "$built/$program.dll" "$@"
fi

export ASPNETCORE_ENVIRONMENT="${ASPNETCORE_ENVIRONMENT:-Development}"
export FOCOBOT_DATA_DIR="${FOCOBOT_DATA_DIR:-./data}"
url=${ASPNETCORE_URLS:-http://localhost:${PORT:-5080}} # what the server chooses by itself
url=${url%%;*}
cat <<TXT
FocoBot starts on $url   (data in $FOCOBOT_DATA_DIR, ${ASPNETCORE_ENVIRONMENT})

  1. Make an account (the first one is the administrator):
       curl -c cookies -H 'Origin: $url' -H 'Content-Type: application/json' $url/api/auth/register \\
            -d '{"email":"you@example.com","password":"a long passphrase"}'
  2. Talk to the assistant:
       curl -b cookies -H 'Origin: $url' -H 'Content-Type: application/json' $url/api/chat \\
            -d '{"text":"Nueva tarea - Llamar a Juan mañana a las 3pm"}'
  3. Look around: $url/docs (the whole API).
     For WhatsApp set the TWILIO_* variables (README, "WhatsApp through Twilio").

Ctrl+C stops it.
TXT
exec dotnet "$built/FocoBot.Server.dll"
