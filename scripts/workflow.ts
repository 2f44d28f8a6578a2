import { shellWord } from './report/shell.ts'
import { tool } from './tool.ts'

/** The workflow for GitHub that judges the gateways of a target file every night; `key`: the variable, and the secret, that holds the key. */
export function workflow(targetFile: string, key: string | null): string {
  const environment = key === null ? '' : `        env:\n          ${key}: \${{ secrets.${key} }}\n`
  return `# Every night: does the gateway keep its promises? It uses the package as it is published on npm.
name: gateway conformance
on:
  schedule:
    - cron: '17 3 * * *'
  workflow_dispatch:
permissions:
  contents: read
jobs:
  conformance:
    runs-on: ubuntu-latest
    timeout-minutes: 45
    steps:
      - uses: actions/checkout@v7
      - uses: actions/setup-node@v7
        with:
          node-version: '24'
      - name: Judge
        run: |
          npx --yes ${tool.name}@${tool.version} check --target ${shellWord(targetFile)} --out conformance
${environment}      - uses: actions/upload-artifact@v7
        if: always()
        with:
          name: messages-conformance
          path: conformance
`
}
