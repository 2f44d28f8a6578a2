import { describe, expect, test } from 'vitest'
import { useless } from '../../fixtures/gateways/useless.ts'
import { judgeTape, tapeOf } from './proof.ts'

describe('a useless gateway holds nothing', () => {
  test.for(useless)('$id', async ({ gateway }) => {
    const { verdicts } = judgeTape(await tapeOf(gateway))
    expect(verdicts.filter(({ outcome }) => outcome === 'holds' || outcome === 'noted').map(({ id }) => id)).toEqual([])
  })
})
