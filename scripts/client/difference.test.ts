import { expect, test } from 'vitest'
import { errorLine, firstOther } from './difference.ts'

test.for<[text: string, another: string, line: string | null]>([
  ['a\nb', 'a\nb', null],
  ['a\nc', 'a\nb', 'c'],
  ['a\nb\nc', 'a\nb', 'c'],
  ['a', 'a\nb', ''],
  ['', 'a', ''],
])('%j beside %j', ([text, another, line]) => {
  expect(firstOther(text, another)).toBe(line)
})

test.for<[about: string, text: string, line: string | null]>([
  ['nothing', ' \n', null],
  ['a last word', 'starts\nfailed\n\n', 'failed'],
  [
    'a stack of Node',
    'x.js:1\n  throw new Error(1)\nBadRequestError: 400\n    at x\n\nNode.js v20',
    'BadRequestError: 400',
  ],
  ['one of Python', 'Traceback\n  File "x"\nanthropic.APIStatusError: 529', 'anthropic.APIStatusError: 529'],
])('what went wrong: %s', ([, text, line]) => {
  expect(errorLine(text)).toBe(line)
})
