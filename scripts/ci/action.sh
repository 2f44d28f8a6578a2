#!/usr/bin/env bash
# What the action does between its inputs and the exit code of check; also runs by hand, with the inputs as INPUT_ variables.
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
run() { node --import "$here/node_modules/tsx/dist/loader.mjs" "$here/scripts/main.ts" "$@"; }
output() { if [ -n "${GITHUB_OUTPUT:-}" ]; then echo "$1" >>"$GITHUB_OUTPUT"; fi; }

if [ -z "${INPUT_TARGET:-}" ] && [ -z "${INPUT_BASE_URL:-}" ]; then
  echo '::error title=messages-conformance::No gateway was named: set the input target, or base-url and model.'
  exit 2
fi
if [ -z "${INPUT_TARGET:-}" ] && [ -z "${GATEWAY_API_KEY:-}" ]; then
  if [ "${INPUT_IF_NO_KEY:-fail}" = skip ]; then
    echo '::notice title=messages-conformance::Skipped: there is no key here, as in pull requests from forks.'
    exit 0
  fi
  echo '::error title=messages-conformance::There is no key: set the input key from a secret, or if-no-key: skip.'
  exit 2
fi

words=(check --out "${INPUT_OUT:-conformance}")
if [ -n "${INPUT_TARGET:-}" ]; then
  words+=(--target "$INPUT_TARGET")
  # Each target names its own variable.
  if [ -z "${GATEWAY_API_KEY:-}" ]; then unset GATEWAY_API_KEY; fi
else
  words+=(--base-url "$INPUT_BASE_URL")
fi
if [ -n "${INPUT_MODEL:-}" ]; then words+=(--model "$INPUT_MODEL"); fi
if [ -n "${INPUT_PROFILE:-}" ]; then words+=(--profile "$INPUT_PROFILE"); fi
# Typed by whoever wrote the workflow, word by word.
read -r -a more <<<"${INPUT_OPTIONS:-}"
if [ "${#more[@]}" -gt 0 ]; then words+=("${more[@]}"); fi

run "${words[@]}"
code=$?

if [ -n "${INPUT_BASELINE:-}" ] && [ -e "$INPUT_BASELINE" ] && [ -e "${INPUT_OUT:-conformance}" ]; then
  page=$(mktemp)
  run diff "$INPUT_BASELINE" "${INPUT_OUT:-conformance}" --markdown >"$page"
  worse=$?
  cat "$page"
  if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then cat "$page" >>"$GITHUB_STEP_SUMMARY"; fi
  rm -f "$page"
  if [ "$code" -eq 0 ] && [ "$worse" -eq 1 ]; then code=1; fi
fi

output "exit-code=$code"
exit "$code"
