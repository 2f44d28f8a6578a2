#!/usr/bin/env bash
# What the action does between its inputs and the exit code of check; also runs by hand, with the inputs as INPUT_ variables.
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
run() { node --import "$here/node_modules/tsx/dist/loader.mjs" "$here/scripts/main.ts" "$@"; }
output() { if [ -n "${GITHUB_OUTPUT:-}" ]; then echo "$1" >>"$GITHUB_OUTPUT"; fi; }
# Nothing is proven: says why, and ends.
fail() {
  echo "::error title=messages-conformance::$1"
  output 'exit-code=2'
  exit 2
}
out=${INPUT_OUT:-conformance}
out=${out%/}

if [ -z "${INPUT_TARGET:-}" ] && [ -z "${INPUT_BASE_URL:-}" ]; then
  fail 'No gateway was named: set the input target, or base-url and model.'
fi
if [ -z "${INPUT_TARGET:-}" ] && [ -z "${GATEWAY_API_KEY:-}" ]; then
  if [ "${INPUT_IF_NO_KEY:-fail}" = skip ]; then
    echo '::notice title=messages-conformance::Skipped: there is no key here, as in pull requests from forks.'
    exit 0
  fi
  fail 'There is no key: set the input key from a secret, or if-no-key: skip.'
fi

words=(check --out "$out")
if [ -n "${INPUT_TARGET:-}" ]; then
  words+=(--target "$INPUT_TARGET")
  # Each target names its own variable.
  if [ -z "${GATEWAY_API_KEY:-}" ]; then unset GATEWAY_API_KEY; fi
else
  words+=(--base-url "$INPUT_BASE_URL")
fi
if [ -n "${INPUT_MODEL:-}" ]; then words+=(--model "$INPUT_MODEL"); fi
if [ -n "${INPUT_PROFILE:-}" ]; then words+=(--profile "$INPUT_PROFILE"); fi
# Typed by whoever wrote the workflow: any number of lines, words in quotes as a shell takes them, and nothing else of a shell.
if [[ ${INPUT_OPTIONS:-} =~ [^[:space:]] ]]; then
  typed=$(mktemp)
  if ! printf '%s\n' "$INPUT_OPTIONS" | xargs printf '%s\0' >"$typed"; then
    fail 'The input options has a quote that does not end on its line.'
  fi
  while IFS= read -r -d '' word; do words+=("$word"); done <"$typed"
fi
if [ -n "${INPUT_BASELINE:-}" ] && [ "$INPUT_BASELINE" -ef "$out" ]; then
  fail "The baseline is the folder that the reports are written to, $out: keep a copy elsewhere, and name that."
fi

# What this run wrote, and no earlier one; one of several targets has a folder of its own.
stamp=$(mktemp)
reports() { find "$out" -maxdepth 2 -name report.json -newer "$stamp" "$@" 2>/dev/null; }

run "${words[@]}"
code=$?
if [ "$code" -gt 2 ]; then code=2; fi
if [ "$code" -ne 2 ] && [ -z "$(reports -exec grep -l '^  "complete": true' {} +)" ]; then
  fail 'No check was carried out: is there something else in the input options?'
fi

# What changed since the last run that passed: 1 where something is worse, 2 where that cannot be told.
changed=0
compare() {
  local page worse
  page=$(mktemp)
  run diff "$1" "$2" --markdown >"$page"
  worse=$?
  cat "$page"
  if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then cat "$page" >>"$GITHUB_STEP_SUMMARY"; fi
  if [ "$worse" -eq 1 ]; then changed=1; fi
  if [ "$worse" -gt 1 ]; then
    echo "::error title=messages-conformance::What changed since the baseline $1 cannot be told."
    if [ "$changed" -eq 0 ]; then changed=2; fi
  fi
}

if [ -n "${INPUT_BASELINE:-}" ]; then
  while IFS= read -r report; do
    place=$(dirname "$report")
    baseline=$INPUT_BASELINE${place#"$out"}
    if [ -e "$baseline" ]; then
      compare "$baseline" "$place"
    else
      echo "::notice title=messages-conformance::There is no baseline $baseline yet: nothing was compared."
    fi
  done < <(reports | sort)
fi
if [ "$code" -eq 0 ]; then code=$changed; fi

output "exit-code=$code"
exit "$code"
