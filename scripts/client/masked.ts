/**
 * What differs from run to run though nothing else does, and the word that stands in its place. The order counts; and none may look
 * twice at the same characters, since a command may write a million of one kind.
 */
const masks: readonly (readonly [RegExp, string])[] = [
  [/\bhttps?:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):\d+[^\s"'`)\]}>,]*/g, '<url>'],
  [/\b(msg|req|toolu|srvtoolu|msgbatch|thread|file|container|fp)_[\w-]+/g, '<$1>'],
  [/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi, '<uuid>'],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?(?:Z|[+-]\d\d:?\d\d))?/g, '<time>'],
  [/\b\d\d:\d\d:\d\d(?:[.,]\d+)?\b/g, '<time>'],
  [/\b1\d{9}(?:\d{3})?\b/g, '<time>'],
  [/((?:duration|elapsed|latency)\w{0,20}"? ?[:=] ?)\d+(?:\.\d+)?/gi, '$1<duration>'],
  [/\b\d+(?:\.\d+)?\s?(?:ms|s|sec|seconds?|milliseconds?)\b/g, '<duration>'],
]

/**
 * A text without what differs from run to run: addresses of this machine, ids, UUIDs, times, durations, and the scratch folder of the
 * run, if it had one. Blanks at the end of a line say nothing either.
 */
export function masked(text: string, folder: string | null): string {
  const placed = folder === null ? text : text.replaceAll(folder, '<folder>')
  const plain = masks.reduce((changed, [what, word]) => changed.replaceAll(what, word), placed)
  return plain
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}
