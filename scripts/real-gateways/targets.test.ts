import { describe, expect, test } from 'vitest'
import { validateTarget } from '../../schemas/validators.js'
import { placed } from '../placeholders.ts'
import { recipes, type Recipe } from './recipes.ts'
import { manifestOf, targetsOf } from './targets.ts'

const recipe: Recipe = {
  gateway: 'Some',
  package: '@some/gateway',
  version: '1.2.3',
  pins: { 'what-it-needs': '4.5.6' },
  over: { 'chat-completions': { baseUrl: 'http://127.0.0.1:{port}', model: 'm', start: { command: ['some'] } } },
}

test('a gateway is installed at its version, with what it needs held at one', () => {
  expect(manifestOf(recipe)).toEqual({
    private: true,
    dependencies: { '@some/gateway': '1.2.3' },
    overrides: { 'what-it-needs': '4.5.6' },
  })
})

test('it is judged at full over each protocol that it has, with that upstream behind it, and over no other', () => {
  expect(targetsOf(recipe)).toEqual([
    {
      dialect: 'chat-completions',
      file: {
        targets: [
          {
            baseUrl: 'http://127.0.0.1:{port}',
            model: 'm',
            start: { command: ['some'] },
            name: 'Some over chat-completions',
            profile: 'full',
            upstream: { dialect: 'chat-completions', port: 0 },
          },
        ],
      },
    },
  ])
})

describe.each(recipes)('$gateway', (known) => {
  test('has targets that check takes, with every placeholder in them filled', async () => {
    const files = targetsOf(known)
    expect(files.length).toBeGreaterThan(0)
    for (const { file } of files) {
      expect(validateTarget(file), JSON.stringify(validateTarget.errors)).toBe(true)
      expect(JSON.stringify(await placed(file))).not.toMatch(/\{\w+\}/)
    }
  })
})
