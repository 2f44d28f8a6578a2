import { describe, expect, test } from 'vitest'
import { faultInHtml, faultInPrinted, faultInSummary, faultInXml } from './wellformed.ts'

/* What the fuzzer demands of outputs would be worth nothing, were it met by anything. */

const xml = (inner: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="a">${inner}</testsuites>\n`

describe('XML', () => {
  test('that is right', () => {
    expect(faultInXml(xml('<testsuite name="x &amp; &#39;y"><testcase name="z"/>text &lt;</testsuite>\n'))).toBeNull()
  })
  test.for<[about: string, text: string]>([
    ['no declaration', '<testsuites></testsuites>'],
    ['an element that does not end', xml('<testsuite name="x">')],
    ['an end of another', xml('<testsuite name="x"></testcase>')],
    ['an element of somebody else', xml('<script></script>')],
    ['a quote in an attribute', xml('<testsuite name="x"y"></testsuite>')],
    ['an ampersand', xml('a & b')],
    ['an ampersand in an attribute', xml('<testsuite name="a & b"></testsuite>')],
    ['a control character', xml('\u0007')],
    ['half a character', xml('\uD800')],
  ])('with %s', ([, text]) => {
    expect(faultInXml(text)).not.toBeNull()
  })
})

const page = (inner: string): string =>
  `<!doctype html>\n<html lang="en"><head><style>a > b</style></head><body><h1>x</h1><main>${inner}</main><script>1 < 2</script></body></html>\n`

describe('a page', () => {
  test('that is right', () => {
    expect(faultInHtml(page('<form hidden><input type="checkbox" checked> a &amp; b<br></form>'))).toBeNull()
  })
  test.for<[about: string, text: string]>([
    ['no doctype', page('').slice(1)],
    ['another script', page('<script>alert(1)</script>')],
    ['a handler', page('<p onclick="x">y</p>')],
    ['a picture', page('<img src="x">')],
    ['an element that does not end', page('<p>')],
    ['markup in an attribute', page('<p class="<b>">x</p>')],
    ['an ampersand', page('a & b')],
    ['a tag that is none', page('a < b')],
  ])('with %s', ([, text]) => {
    expect(faultInHtml(text)).not.toBeNull()
  })
})

test('a summary is a line an item', () => {
  expect(faultInSummary('## a\n\n**b**\n\n- c\n\n| d |\n|---|\n')).toBeNull()
  expect(faultInSummary('## a\n\nb\n')).not.toBeNull()
})

test.for<[text: string, fault: boolean]>([
  ['✗ MUST a\n::error title=x::y\n', false],
  ['a :: b ##', false],
  ['a\u001B[31m', true],
  ['a\rb', true],
  ['\u202E', true],
  ['  ::error::x', true],
  ['::set-output name=x::y', true],
  ['a ##[x]', true],
  ['a ##vso[x]', true],
])('%j may be printed, but for a fault: %j', ([text, fault]) => {
  expect(faultInPrinted(text) !== null).toBe(fault)
})
