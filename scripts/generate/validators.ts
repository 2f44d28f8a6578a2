import type { Ajv2020 } from 'ajv/dist/2020.js'
import standalone from 'ajv/dist/standalone/index.js'
import { idOf } from './ajv.ts'

/** Which validators there are, and the shape that each vouches for. */
const vouched = {
  validateMessage: 'Message',
  validateStreamEvent: 'StreamEvent',
  validateError: 'ErrorResponse',
  validateTokenCount: 'TokenCount',
  validateModelsPage: 'ModelsPage',
  validateModel: 'Model',
  validateBatch: 'MessageBatch',
  validateBatchLine: 'BatchLine',
  validateRequest: 'MessageRequest',
  validateCountTokensRequest: 'CountTokensRequest',
  validateChatRequest: 'ChatRequest',
  validateChatCompletion: 'ChatCompletion',
  validateChatChunk: 'ChatChunk',
  validateChatError: 'ChatError',
  validateFixture: 'Fixture',
  validateTarget: 'TargetFile',
  validateTapeLine: 'TapeLine',
  validateReport: 'Report',
  validateClientReport: 'ClientReport',
  validateMatrix: 'Matrix',
  validateRunRecord: 'RunRecord',
}

/** The validators as the text of a JavaScript module that imports nothing. Throws where ajv would need itself at run time. */
export function validators(ajv: Ajv2020): string {
  const ids = Object.entries(vouched).map(([name, shape]) => [name, idOf(shape)])
  const code = standalone.default(ajv, Object.fromEntries(ids))
  if (code.includes('require(')) throw new Error('The validators would need a module of ajv at run time.')
  const slim = code
    .replace('"use strict";', '')
    .replaceAll(/\/\*# sourceURL="[^"]*" \*\/;?/g, '')
    .replaceAll(/(export const \w+ = )(\w+);/g, '$1/*#__PURE__*/ lean($2);')
    .replaceAll(/schemaPath:"[^"]*",/g, '')
    .replaceAll(pushed, 'vErrors = push(vErrors, $2);errors++;')
    .replaceAll('vErrors = push(vErrors, {});errors++;', 'errors++;')
    .replaceAll(joined, 'vErrors = join(vErrors, $1);')
    .replaceAll(/for\(let (i\d+)=0; \1<(len\d+); \1\+\+\)\{/g, 'for(let $1=0; $1<$2 && errors<enough; $1++){')
    .replaceAll(/;(?=(export const|const|function) )/g, ';\n')
  if (slim.includes('.concat(')) throw new Error('ajv copies errors in a way that is not known here.')
  return `${slim}\n${runtime}`
}

/**
 * How ajv writes that it found an error: half of its code. Should it write otherwise one day, the code only grows. Of what fails in a
 * condition it keeps an error that says nothing, and forgets it behind the condition: there it is enough to count.
 */
const pushed =
  /const (err\d+) = (\{.*?\});if\(vErrors === null\)\{vErrors = \[\1\];\}\s*else \{vErrors\.push\(\1\);\}errors\+\+;/g

/** How it takes over the errors of another validator: by a copy of all so far, each time an item of a list is wrong. */
const joined = /vErrors = vErrors === null \? (\w+\.errors) : vErrors\.concat\(\1\);/g

/**
 * One mistake, one error: ajv says once more that a condition failed, and says the same for each branch. And an answer may be a list
 * of a million items of which none is right: where a list has shown so much wrong, the rest of it is not looked at.
 */
const runtime = `
const enough = 2000

function lean(validate) {
  const check = (data) => {
    const valid = validate(data)
    check.errors = valid ? null : unique(validate.errors)
    return valid
  }
  check.errors = null
  return check
}

function push(errors, error) {
  if (errors === null) return [error]
  errors.push(error)
  return errors
}

function join(errors, more) {
  if (errors === null) return more
  for (const error of more) errors.push(error)
  return errors
}

function unique(errors) {
  const byText = new Map()
  for (const error of errors)
    if (error.keyword !== 'if') byText.set(error.instancePath + ' ' + error.message, error)
  return [...byText.values()]
}
`

/** The types of that module. */
export function validatorTypes(): string {
  const names = [...new Set(Object.values(vouched))].sort()
  const declared = Object.entries(vouched).map(([name, shape]) => `export const ${name}: Validator<${shape}>\n`)
  return `import type {
${names.map((name) => `  ${name},\n`).join('')}} from './types.ts'

/** What is wrong: \`/content/0/text\` (a JSON Pointer into the data), and \`must be string\`. */
export interface SchemaError {
  readonly instancePath: string
  readonly keyword: string
  readonly params: Readonly<Record<string, unknown>>
  readonly message: string
}

/** Vouches for a type, or leaves in \`errors\` all that is wrong with what it was given last. */
export interface Validator<T> {
  (data: unknown): data is T
  errors: readonly SchemaError[] | null
}

${declared.join('')}`
}
