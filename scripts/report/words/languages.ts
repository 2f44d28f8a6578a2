/**
 * The languages that what a person reads is rendered in. What a machine reads has one: ids, levels, report.json, junit.xml, the badge
 * and annotations. By name only, since --help must not load what is said.
 */
export const languages = ['en', 'zh'] as const

export type Language = (typeof languages)[number]
