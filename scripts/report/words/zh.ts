import type {
  Auth,
  CapabilityState,
  ClientStatus,
  Diagnosis,
  DiagnosisKind,
  Failure,
  Ground,
  Outcome,
  Profile,
  Report,
  RunEnding,
  UnjudgedWhy,
} from '../../../schemas/types.ts'
import { groundsFor } from '../../../suites/grounds.ts'
import type { Doubt, Drift } from '../../../suites/harness/compare/compare.ts'
import type { Client } from '../../../suites/harness/judge/clients.ts'
import { ruleOf } from '../../../suites/harness/judge/source.ts'
import { own } from '../../../suites/harness/wire/json.ts'
import { upstreamKey } from '../../../fixtures/gateways/reference/identity.ts'
import { thousands } from '../../../suites/harness/wire/counted.ts'
import type { Target } from '../../../suites/harness/wire/target.ts'
import { because, reasons, rules } from './zh-because.ts'
import { matrix } from './matrix-zh.ts'
import { titles } from './zh-titles.ts'
import type { Words } from './en.ts'

const outcomes: Readonly<Record<Outcome, string>> = {
  holds: '成立',
  broken: '违反',
  unjudged: '未检验',
  'not-applicable': '不适用',
  noted: '已记录',
}

const states: Readonly<Record<CapabilityState, string>> = {
  shown: '具备',
  declined: '拒绝',
  'not-shown': '未见到',
  broken: '违反',
  'not-asked': '未询问',
}

const statuses: Readonly<Record<ClientStatus, string>> = {
  works: '可用',
  'works-with': '按提示设置后可用',
  recovers: '可自行恢复',
  breaks: '出错',
  'not-shown': '未证明',
}

const promises: Readonly<Record<Profile, string>> = {
  minimum: 'Bearer 密钥和 JSON 进，Message 出',
  sdk: '只替换 Base URL 和密钥，官方 SDK 即可工作',
  'claude-code': 'Claude Code 可以工作',
  full: '网关提供的每项能力都与官方 API 一致',
}

const clients: Readonly<Record<Client, string>> = {
  'typescript-sdk': '官方 TypeScript SDK（1.x）：Bearer，anthropic-version 2026-10-21',
  'typescript-sdk-0': '1.0 之前的官方 TypeScript SDK：x-api-key，anthropic-version 2023-06-01',
  'python-sdk': '官方 Python SDK（2.x）：Bearer，anthropic-version 2026-10-21',
  'python-sdk-1': '2.0 之前的官方 Python SDK：x-api-key，anthropic-version 2023-06-01',
  'go-sdk': '官方 Go SDK（2.x）：Bearer，anthropic-version 2026-10-21',
  'java-sdk': '官方 Java SDK（3.x）：Bearer，anthropic-version 2026-10-21',
  'ai-sdk': 'AI SDK（@ai-sdk/anthropic）：x-api-key，anthropic-version 2023-06-01，Base URL 以 /v1 结尾',
  'claude-code': 'Claude Code，按其公开的网关约定和它实际发送的内容',
  'raw-http': '不用 SDK、按文档直接调用的人',
}

/** How a client is made to send the key in its other header; who uses none needs no help. */
const workarounds: Readonly<Record<Exclude<Client, 'raw-http'>, string>> = {
  'typescript-sdk': "用 defaultHeaders: { 'x-api-key': key } 发送密钥",
  'typescript-sdk-0': '用 authToken 代替 apiKey 给出密钥',
  'python-sdk': "用 default_headers={'x-api-key': key} 发送密钥",
  'python-sdk-1': '用 auth_token= 代替 api_key= 给出密钥',
  'go-sdk': '用 option.WithHeader("x-api-key", key) 发送密钥',
  'java-sdk': '用客户端 builder 的 putHeader("x-api-key", key) 发送密钥',
  'ai-sdk': '用 authToken 代替 apiKey 给出密钥',
  'claude-code': '用 ANTHROPIC_API_KEY 代替 ANTHROPIC_AUTH_TOKEN',
}

const whys: Readonly<Record<UnjudgedWhy, string>> = {
  prerequisite: '等待前提',
  'nothing-of-its-kind': '没有可看的内容',
  'not-asked': '没有询问',
  'not-recorded': '录制里没有',
  model: '模型没有做到',
  'rate-limited': '网关繁忙',
  'no-answer': '没有收到响应',
  error: '因本工具自身的错误而无法检验',
}

const endings: Readonly<Record<RunEnding, string>> = {
  complete: '已完成',
  recorded: '录制',
  lost: '网关中途不再应答',
  interrupted: '被中断',
  budget: '预算不足',
  unreachable: '无法连接网关',
  unauthorised: '网关不接受凭证',
  deadline: '超出了给定的时间',
  error: '因本工具自身的错误而失败',
}

/** What renderings say in Chinese, by the same keys as in English. */
export const zh: Words = {
  tag: 'zh-CN',
  option: ' --lang zh',
  comma: '、',
  semicolon: '；',
  colon: '：',
  stop: '。',
  aside: (text) => `（${text}）`,

  title: (id) => own(titles, id) ?? '',
  because: (id, said) => own(because, id) ?? said,
  hasNoPlace: (dialect, why) => `${dialect} 没有容纳它的地方：${reasons.get(why) ?? why}`,
  rule: (source) => {
    if (source.kind === 'opinion') return rules.get(source.opinion) ?? source.opinion
    if (source.kind !== 'measured') return ruleOf(source)
    return `${source.date} 用 ${source.client} ${source.version} 测得：${rules.get(source.finding) ?? source.finding}`
  },
  promise: (profile) => promises[profile],
  client: (name) => clients[name],
  recovery: (client) => (client === 'claude-code' ? '改用非流式，或去掉被拒绝的内容后重新请求' : '重新请求'),
  workaround: (client, said) => {
    const settings = said.match(/\b[A-Z_]+=\w+/g) ?? []
    const header = settings.length === 0 || said.includes('ANTHROPIC_API_KEY') ? [own(workarounds, client) ?? said] : []
    return [...header, ...(settings.length > 0 ? [`设置 ${settings.join('、')}`] : [])].join('，并')
  },

  outcome: (outcome) => outcomes[outcome],
  outcomes,
  outcomeCounted: (outcome) => outcomes[outcome],
  state: (state) => states[state],
  stateListed: (state) => own(states, state) ?? state,
  sees: (ids, said) => zh.because(ids.find((id) => groundsFor(id)?.because === said) ?? '', said),
  status: (status) => statuses[status],
  waived: '已豁免',
  hint: '提示',
  advice: '建议',

  onExchanges: (count, all) => `${all} 次往来中的 ${count} 次`,
  notRead: (exchanges) => `未读：${exchanges}`,
  forItsSake: (count) => `另有 ${count} 条因它未能检验`,
  waitsFor: (ids) => `等待 ${ids.length > 0 ? ids.join('、') : '有效的 Message'}`,
  why: (why) => whys[why],
  takesDeclined: (capabilities) => `需要已被拒绝的能力：${capabilities.join('、')}`,
  afterNotApplicable: '它所依赖的要求不适用',

  fields: {
    at: '位置',
    expected: '应有',
    actual: '实际',
    sent: '发送',
    arrived: '到达',
    said: '上游说',
    received: '收到',
    while: '当时',
    breaks: '受影响',
    rule: '依据',
    again: '重现',
    curl: 'curl',
    why: '理由',
    waived: '豁免',
  },
  bothSides: (exchanges) => `比较了 ${exchanges} 次往来的两侧：发送的与到达的，上游所说的与返回的。`,
  changedOnPurpose: (field, because, seen) =>
    `${seen ? '有意更改' : '声明会有意更改但没有更改'}：${field}（${because}）。`,
  place: (at, fixture, more) => `${fixture} 的 ${at}${more > 0 ? `（另有 ${more} 处）` : ''}`,

  whileUpstream: (about) => `上游（${about}）`,

  reasons: (report, target) => {
    const { reasons, grounds } = report.conclusion
    return grounds?.map((ground) => sentenceOf(ground, report, target)) ?? reasons
  },
  diagnosis: (diagnosis, report, target) => {
    const models = diagnosis.models ? served(diagnosis.models) : ''
    return causes[diagnosis.kind](diagnosis, report, target) + models
  },
  nothingKnown: (isReference) => `未能证明：对${subject(isReference)}无法得出任何结论。`,
  notProven: (holding, broken, unjudged) => `未能证明：${holding} 条成立，${broken} 条违反，${unjudged} 条未检验。`,
  partialLook: (judged, all, broken) => `检验了 ${all} 条中的 ${judged} 条，违反 ${broken} 条：局部检验。`,
  waiversOutOfDate: (isReference, profile) => `${subject(isReference)}遵守 ${profile} 的约定，但豁免已经过时。`,
  broken: (isReference, profile) => `${subject(isReference)}没有遵守 ${profile} 的约定。`,
  kept: (isReference, profile, help) =>
    `${subject(isReference)}遵守 ${profile} 的约定：${promises[profile]}${help === undefined ? '' : `；对 Claude Code：${help}`}。`,
  nothingHolds: '没有一个档位成立。',
  whatHolds: (reached) => `成立的档位是 ${reached}：${promises[reached]}。`,
  sent: (requests) => `发送了 ${thousands(requests)} 个请求。`,
  spent: ({ requests, inputTokens, outputTokens }) =>
    `${thousands(requests)} 个请求，最多 ${thousands(inputTokens)} 个输入 token 和 ${thousands(outputTokens)} 个输出 token。`,

  noGateway: (fault) => `没有指定网关，因此检验内置的参考网关${fault ? `，前面放置了故障 ${fault}` : ''}。`,
  recording: (file, exchanges, endedEarly) =>
    `${file}：${thousands(exchanges)} 次往来。${endedEarly ? `所录制的运行提前结束：${endings[endedEarly]}。` : ''}`,
  curlElsewhere: '也有 curl：--curl 在这里显示，--out DIR 写进报告。',
  notJudged: '未检验',
  unjudgedLine: (reason, ids) => `${reason}（${ids.length} 条）：${ids.join('、')}`,
  nothingCompared: (actual) => `没有可比较的：/v1/chat/completions 返回 ${actual}。`,
  capabilities: '能力',
  clients: '客户端',
  brokenOn: (ids) => `，因为 ${ids}`,
  recoversFrom: (ids) => `，虽有 ${ids}`,
  notMeasured: '我们的判断',
  measuredWith: (version, date) => `实测：${version}，${date}`,
  breaksInOpinion: (clients) => `我们认为还有 ${clients}`,
  recovering: (clients) => `可自行恢复：${clients}`,
  notAsked: '未询问的档位',
  costOf: ({ requests, paidRequests, outputTokens }) =>
    `${thousands(requests)} 个请求，其中 ${paidRequests} 个付费，最多 ${thousands(outputTokens)} 个输出 token`,
  waiverEnds: (id, until) => `${id} 的豁免于 ${until} 到期。`,
  judgeYours: '检验你的网关：',
  seeItFail: '看它如何失败：',
  acceptedAs: (baseUrl, auth) => `${baseUrl} 只接受 ${auth} 形式的密钥，因此按这种形式检验。`,
  progress: (requests, planned, outputTokens, first, others) =>
    `${requests}/${thousands(planned)} 个请求，最多 ${thousands(outputTokens)} 个输出 token${first === undefined ? '' : `；等待 ${first}${others ? ' 等' : ''}`}`,
  nothingWritten: '没有写出任何文件：只有完整进行的运行才能说明网关具备什么。',
  requires: (file) => `${file} 现在把具备的能力列为必需。`,
  proposes: (file, until) => `${file} 提出了到 ${until} 为止的豁免；填写 "because" 之前，每条都不予接受。`,

  matrix,
  notComeTo: (left, asked) => `${asked} 个目标中有 ${left} 个没有轮到。`,
  notEveryTarget: '未能证明：并非每个目标都能检验。',
  targetsInPart: (failing, all) => `${all} 个目标中有 ${failing} 个违反了所检验的要求：局部检验。`,
  targetsBroken: (failing, all) => `${all} 个目标中有 ${failing} 个没有遵守约定。`,
  targetsKept: (all) => `全部 ${all} 个目标都遵守所要求的约定。`,

  reference: (fault) => `内置的参考网关${fault ? `，带有故障 ${fault}` : ''}`,
  model: (url, model) => `${url}，模型 ${model}`,
  area: '领域',
  brokenHeading: '违反',
  entry: (at, fixture, expected, actual) => `。位置 ${fixture} 的 ${at}，应有 ${expected}，实际 ${actual}`,
  entryOf: {
    request: (at, fixture, sent, arrived) => `。位置 ${fixture} 的 ${at}，发送 ${sent}，到达 ${arrived}`,
    answer: (at, fixture, said, received) => `。位置 ${fixture} 的 ${at}，上游说 ${said}，客户端收到 ${received}`,
  },
  clientColumns: ['客户端', '状态', '原因', '解决办法'],
  waivedHeading: '豁免',
  waiver: (why, until) => `${why}，有效期至 ${until}`,
  html: {
    exitCode: (code) => `退出码 ${code}。`,
    ladder: '档位',
    areas: '领域',
    causes: '问题所在',
    brokenOf: (level) => `违反 ${level}`,
    on: (count) => `${count} 条`,
    hides: (count) => `这遮住了 ${count} 条`,
    moreBroken: (count) => `下方另有 ${count} 条`,
    rest: '其他',
    all: '全部要求',
    nothing: '没有。',
    client: '客户端',
    state: '状态',
    becauseOf: '原因',
    profile: '档位',
    promise: '约定',
    capability: '能力',
    outcome: '结果',
    level: '级别',
    requirement: '要求',
    notAsked: '未询问',
    notProven: '未能证明',
    inPart: '只看了一部分',
    reached: '达到',
    notReached: '未达到',
    filter: '筛选要求',
    find: '查找',
    findWhat: 'id 或文字',
    showAll: '全部显示',
    shown: '显示 {all} 条要求中的 {shown} 条',
    moreExchanges: (count) => `另有 ${count} 次往来`,
    again: '重现',
    request: '请求',
    sides: {
      sent: '发给网关的',
      arrived: '到达上游的',
      said: '上游回答的',
      received: '从网关收到的',
    },
    noAnswer: (failure, detail) => `没有收到响应：${silence(failure)}${detail ? `（${detail}）` : ''}。`,
    unreadable: (bytes, detail) => `${bytes} 字节无法读取：${detail}`,
    answer: '响应',
    answerAsItCame: '响应原文',
    andMore: ' ……未完',
    moreHeaders: (count) => `……另有 ${count} 个，见 tape.jsonl`,
    moreOnTape: '……未完，全文见 tape.jsonl',
    stream: (events, isWhole) => (isWhole ? `流：${events} 个事件` : `流：前 ${events} 个事件`),
    streamList: '流里的事件',
    sent: '发出请求',
    end: (milliseconds) => `结束，${milliseconds} ms 后`,
    moreEvents: (count) => `另有 ${count} 个事件`,
    noName: '（没有名称）',
    brokenHere: '此处违反',
  },

  tap: {
    upstream: '上游',
    use: (url) => `把这个 Base URL 和网关的密钥交给客户端。Claude Code：ANTHROPIC_BASE_URL=${url}`,
    stream: '流',
    nothing: '-',
    holds: (count) => (count === 0 ? '没有可检验的内容' : `${count} 条成立`),
    notJudged: {
      behind: '未检验：检验跟不上',
      'too-large': '未检验：超出所保留的大小',
      'hung-up': '未检验：客户端离开了',
      'no-answer': '未检验：没有收到响应',
      busy: '未检验：网关繁忙',
      error: '未检验：本工具自身的错误',
    },
    unserved: {
      refused: '符合 schema 的请求被拒绝',
      failed: '符合 schema 的请求失败',
      busy: '符合 schema 的请求遇到繁忙的网关',
      unauthorised: '凭证未被接受',
      unanswered: '符合 schema 的请求没有收到响应',
    },
    did: (kind, changed) => {
      if (kind === 'lost-thinking') return '发回的回合里没有了它的 thinking'
      if (kind === 'went-on') return '照样继续了对话'
      if (kind === 'left') return '此后没有再请求'
      const other = changed.length > 0 ? `，改变了 ${changed.join('、')}` : ''
      if (kind === 'fell-back') return `改为不用流，重新请求${other}`
      return changed.length > 0 ? `重新请求${other}` : '重复了同样的请求'
    },
    after: (exchange, because) => `在 ${exchange} 之后${because === '' ? '' : `（${because}）`}`,
    turnedAway: (message) => `拒绝了一个请求：${message}`,
    misspoke: (how, url) =>
      how === 'tls'
        ? `有客户端对 tap 使用 TLS，而它只在本机使用明文 HTTP：请使用 ${url}`
        : '有客户端对 tap 使用 HTTP/2，而它只使用 HTTP/1.1：请改用 HTTP/1.1。',
    clients: '经过的客户端',
    client: (name, { sessions, exchanges, judged, broken, behind, unseen }) =>
      [
        `${name}：${thousands(exchanges)} 次往来${sessions > 0 ? `（${thousands(sessions)} 个会话）` : ''}`,
        `检验 ${judged} 次`,
        `违反 ${broken} 次`,
        ...(behind > 0 ? [`因检验跟不上而未检验 ${behind} 次`] : []),
        ...(unseen > 0 ? [`超出所保留的大小 ${unseen} 次`] : []),
      ].join('，'),
    on: (exchanges, first) => (exchanges === 1 ? `在 ${first}` : `${exchanges} 次往来，第一次是 ${first}`),
    columns: ['客户端', '遇到了什么', '位置'],
  },

  trial: {
    states: {
      notices: '察觉',
      survives: '挺过',
      unharmed: '未受影响',
      'loses-silently': '无声地丢失内容',
      undetectable: '无从察觉',
      hangs: '卡住',
      trips: '被合法的差异绊倒',
      'other-words': '内容不同',
      'not-provoked': '未触发',
    },
    means: {
      notices: '失败、说了出来，或到时限时仍在重试',
      survives: '重新请求或换种方式请求，结果与参考网关上相同',
      unharmed: '遇到了它，结果与参考网关上相同',
      'loses-silently': '正常结束，内容却与参考网关上不同，并且一声不响',
      undetectable: '同上，但响应里没有任何东西显示它',
      hangs: '既不结束，也不再请求',
      trips: '失败或结果不同，尽管得到的内容相同',
      'other-words': '正常结束，内容是那里合法给出的另一番话',
      'not-provoked': '它的请求在那里得到的响应没有不同',
    },
    progress: (done, all) => `${all} 次运行中的第 ${done} 次`,
    head: (requests, all, provoked) =>
      `在参考网关上，这个命令发送 ${thousands(requests)} 个请求。${thousands(all)} 个网关中有 ${provoked} 个的响应会不同：命令在它们上面运行过。`,
    stopped: (reason) => `stop_reason 说明了这一点：${reason}`,
    ended: (exit, requests) => {
      const sent = `发送了 ${thousands(requests)} 个请求`
      if (exit.kind === 'time') return `未在时限内结束，${sent}`
      return exit.kind === 'code' ? `退出码 ${exit.code}，${sent}` : `被 ${exit.signal} 终止，${sent}`
    },
    wrote: (line) => (line === null ? '写出的比参考网关上少' : `写出了另一行：${line}`),
    said: (line) => `说：${line}`,
    reasons: (counts, stops, ending) => {
      const lost = counts.get('loses-silently') ?? 0
      const hung = counts.get('hangs') ?? 0
      const met = [...counts].filter(([state]) => state !== 'not-provoked').reduce((sum, [, count]) => sum + count, 0)
      if (ending === 'interrupted') return ['运行被中断：命令没有在所有网关上运行。']
      if (met === 0) return ['什么也看不出：命令的请求在所有网关上得到的响应都相同。']
      if (lost + hung === 0) return [`没有无声的丢失，也没有卡住：${thousands(met)} 个网关。`]
      return [
        ...(lost > 0 ? [`命令在 ${thousands(lost)} 个网关上无声地丢失内容。`] : []),
        ...(stops.length > 0
          ? [
              `其中${stops.length === lost ? '每一个' : `有 ${stops.length} 个`}都由 stop_reason 说明了这一点：${[...new Set(stops)].join('、')}。`,
            ]
          : []),
        ...(hung > 0 ? [`命令在 ${thousands(hung)} 个网关上卡住。`] : []),
      ]
    },
  },

  diff: {
    nowBroken: '新近违反',
    noLongerJudged: '不再检验',
    nowHolds: '恢复成立',
    newlyJudged: '这次检验，上次没有',
    drift: '不违反约定的漂移',
    cannotBeTold: '无法判断',
    notes: ({ drift }) => drift.map(driftInChinese),
    doubts: ({ doubts }) => doubts.map(doubtInChinese),
    change: (name, before, now) => `${name}：原为${before}，现为${now}`,
    said: (said) => {
      const [, outcome = said, why] = /^(\S+)(?: \((\S+)\))?$/.exec(said) ?? []
      const reason = why === undefined ? '' : `（${own(whys, why) ?? why}）`
      return `${own(outcomes, outcome) ?? outcome}${reason}`
    },
    newly: (id, now) => `${id}：${now}`,
    broken: (id, at, fixture, expected, actual) => `${id}：${fixture} 的 ${at}，应有 ${expected}，实际 ${actual}`,
    breaks: (clients) => `；出错的客户端：${clients.join('、')}`,
    flapping: (changes) => `（时好时坏：变化了 ${changes} 次）`,
    worse: (broken) => (broken > 0 ? `变差：新近违反 ${broken} 条。` : '变差：原来具备的一项能力没有了。'),
    notProven: '未能证明：两次运行无法完整比较。',
    better: (count) => `变好：${count} 条恢复成立，没有变差的。`,
    drifted: '没有变差；有一些漂移。',
    same: '没有变化。',
  },

  plan: {
    request: '请求',
    input: '输入',
    output: '输出',
    free: (about) => `免费：${about}`,
    cost: ({ requests, inputTokens, outputTokens }, free) =>
      `${thousands(requests)} 个请求，其中 ${free} 个免费，最多 ${thousands(inputTokens)} 个输入 token 和 ${thousands(outputTokens)} 个输出 token；模型没有做到的会再问一次。`,
    behind: (dialect, requirements, again, ways) =>
      `${requirements} 条要求需要上游：它由我们提供，协议是 ${dialect}，网关后面没有人收费。${again === 0 ? '' : `其中 ${again} 个请求是在上游换一种说法时再问一次，共 ${ways} 种说法。`}`,
  },
  list: {
    fault: '故障',
    failure: '正确的失败方式',
    variant: '合法的差异（mock --variant ID）',
    sides: { request: '发送与到达', answer: '所说与收到' },
  },
  explain: {
    bindsFrom: (level, profile) => `（${level}，自 ${profile} 档位起）`,
    why: '理由',
    compares: '比较',
    sides: {
      request: '发给网关的与到达上游的',
      answer: '上游所说的与客户端收到的',
    },
    judgedBehind: (dialect) => `在我们自己的上游（协议 ${dialect}）前面检验`,
    noPlace: '不适用',
    breaks: '受影响的客户端',
    recovers: '可自行恢复的客户端',
    rests: '依据',
    after: '前提',
    shown: '检验所用的请求',
    brokenBy: '违反它的故障',
    metIn: (url) => `见于 ${url}`,
  },
}

function subject(isReference: boolean): string {
  return isReference ? '内置的参考网关' : '这个网关'
}

function sentenceOf(ground: Ground, report: Report, target: Target): string {
  switch (ground.kind) {
    case 'ended':
      return report.diagnosis
        ? zh.diagnosis(report.diagnosis, report, target)
        : `运行未能完成：${endings[ground.ending]}。`
    case 'broken':
      return `${ground.id} 被违反。`
    case 'waiver-unknown':
      return `${ground.id} 的豁免没有对应的要求。`
    case 'waiver-expired':
      return `${ground.id} 的豁免已于 ${ground.until} 过期。`
    case 'waiver-needless':
      return `${ground.id} 的豁免已不需要，请删除。`
    case 'nothing-judged':
      return '所选的要求一条也未能检验。'
    case 'unanswered':
      return `${ground.id} 未检验：${unanswered[ground.why]}。`
    case 'unjudged':
      return `${ground.id} 未检验：${whys[ground.why]}${ground.strict ? '；--strict 要求每条 must 都得到检验' : ''}。`
    case 'partly-answered': {
      const { musts, fixtures, why } = ground
      const some =
        fixtures.length > 4 ? `${fixtures.slice(0, 4).join('、')} 等 ${fixtures.length} 个` : fixtures.join('、')
      return `${musts} 条 must 只在其余的往来上成立：${some} ${unanswered[why]}。`
    }
    case 'not-shown':
      return `能力 ${ground.capability} 是必需的，但没有见到。`
  }
}

const unanswered = { 'no-answer': '没有收到响应', 'rate-limited': '遇到网关限流或过载' }

function driftInChinese(drift: Drift): string {
  switch (drift.kind) {
    case 'shows':
      return `${drift.id} 现在显示 ${drift.actual}`
    case 'appeared':
      return `新出现：${drift.at}`
    case 'vanished':
      return `不再出现：${drift.at}`
    case 'retyped':
      return `类型改变：${drift.at} 原为 ${drift.before}，现为 ${drift.now}`
    case 'order-new':
      return `新的事件顺序：${drift.pair}`
    case 'order-gone':
      return `不再出现的事件顺序：${drift.pair}`
    case 'models':
      return `响应里的模型名是 ${drift.now || '空'}，原为 ${drift.before || '空'}`
    case 'first-byte':
      return `第一个字节在 ${drift.now} ms 后到达（中位数），原为 ${drift.before} ms`
    case 'input-tokens':
      return `同样的请求计为 ${drift.now} 个输入 token，原为 ${drift.before} 个`
    case 'more':
      return `另有 ${drift.count} 项类似的`
  }
}

function doubtInChinese(doubt: Doubt): string {
  if (doubt.kind === 'ended')
    return `${doubt.which === 'old' ? '旧' : '新'}的运行没有进行到底：${endings[doubt.ending]}。`
  return `原来成立的 ${doubt.ids.length} 条未能再次检验：${doubt.ids.slice(0, 5).join('、')}。`
}

/** What came, its probable cause and the next step, by kind; the gateway's own words stay as they are. */
const causes: Readonly<Record<DiagnosisKind, (diagnosis: Diagnosis, report: Report, target: Target) => string>> = {
  credential: (diagnosis, report, { auth, keyVariable, keyHeader }) => {
    const asked = diagnosis.authenticate === undefined ? '' : `它要求：${diagnosis.authenticate}。`
    return `${came(diagnosis, report)}变量 ${keyVariable} 里的密钥以 ${keyHeader ?? nameOf(auth)} 发送，未被接受。${asked}${keyHeader === undefined ? '如果它要求密钥放在自己的请求头里，请用 --key-header 指明。' : ''}`
  },
  redirect: ({ status, location }, report) =>
    `${report.target.baseUrl} 返回 ${status} 重定向${location ? `到 ${location}` : ''}；客户端不会带着请求体跟随。请把它指向的地址（去掉 /v1/messages）用作 Base URL：curl -i 会显示完整的地址。`,
  'web-page': (diagnosis, report) =>
    elsewhere(
      diagnosis,
      report,
      '这大概是控制台或网站，不是 API 的地址。Base URL 是 /v1/messages 之前的部分：请在网关的文档里查找。如果地址没有错，那就是前面的防火墙代它应答了。',
    ),
  'no-route': (diagnosis, report) =>
    elsewhere(
      diagnosis,
      report,
      `这不是错误信封：路径大概有误，或者应答的一方不认识模型 ${report.target.model}。Base URL 是 /v1/messages 之前的部分。`,
    ),
  'no-model': (diagnosis, report) =>
    `${came(diagnosis, report)}大概没有提供模型 ${report.target.model}。${diagnosis.answersAt === undefined ? '' : `API 在 ${diagnosis.answersAt} 也应答：也许那才是 Base URL。`}`,
  balance: (diagnosis, report) => `${came(diagnosis, report)}密钥所属的账户大概已没有余额。`,
  forbidden: (diagnosis, report, target) => `${came(diagnosis, report)}${forbidden(diagnosis, target)}`,
  busy: (diagnosis, report) =>
    `${came(diagnosis, report)}等待之后仍然繁忙：密钥的配额或余额大概已用完。请稍后再试，或加上 --concurrency 1。`,
  'upstream-down': (diagnosis, report) =>
    `${came(diagnosis, report)}连续两次：它的后面还没有服务，或者没有人提供模型 ${report.target.model}。--wait SECONDS 会等待仍在启动的网关。`,
  'upstream-unasked': ({ url }) =>
    `网关作出了回答，却没有任何请求到达 ${url ?? '上游'} 的上游：请把网关配置为以该地址为上游。`,
  'upstream-refused': ({ url }, report) =>
    `${report.target.baseUrl} 向 ${url ?? '上游'} 出示的密钥被拒绝：请把网关的上游密钥设为 ${upstreamKey}。`,
  unserved: ({ url, status = 0, said }, report) => {
    const alike =
      status >= 400 && status < 500
        ? `所以不在于问了什么：也许密钥无效，也许没有提供模型 ${report.target.model}，也许余额已用完，或者网关只允许一个客户端。`
        : ''
    return `${url ?? report.target.baseUrl} 对合法的请求一个也没有提供服务，因此没有再问别的。${said === undefined ? '' : `它说：${said} `}${alike}`
  },
  budget: () => '预算不够这次运行，什么也没有发送。plan 会说明需要多少。',
  deadline: () => '运行超出了给定的时间（--deadline）。',
  lost: ({ fixture }) => `网关在运行中途不再应答：从 ${fixture ?? '某个请求'} 起没有收到任何响应。`,
  error: ({ sentence }) => `运行未能完成：${sentence}`,
  refused: unreached,
  unresolved: unreached,
  certificate: unreached,
  reset: unreached,
  timeout: unreached,
  'not-http': unreached,
  proxy: unreached,
  interrupted: () => '运行被中断。',
}

/** What another Base URL that was tried says of it. */
function elsewhere(diagnosis: Diagnosis, report: Report, otherwise: string): string {
  const { answersAt, lookedAt = [] } = diagnosis
  if (answersAt !== undefined) return `${came(diagnosis, report)}API 在 ${answersAt} 应答：请把它用作 Base URL。`
  const tried = lookedAt.length > 0 ? `${lookedAt.join(' 和 ')} 也没有应答。` : ''
  return `${came(diagnosis, report)}${otherwise}${tried}`
}

function forbidden({ status, page }: Diagnosis, { model, auth, keyHeader }: Target): string {
  if (status === 451) return '这个状态码表示法律所禁止：网关或它的上游大概不向发出请求的地区提供服务。'
  if (page) return 'API 不会这样应答：网关前面的防火墙或代理拒绝了它，或者不接受发出请求的地址或地区。'
  const otherHeader =
    auth === 'bearer' && keyHeader === undefined
      ? '有的网关对放在它不看的请求头里的密钥也这样应答：--auth x-api-key，或 --key-header NAME。'
      : ''
  return `密钥不能使用模型 ${model} 或已没有配额，或者网关只允许某些客户端、地址或地区：有的要求某个客户端的 user-agent 或别的请求头（--header）。${otherHeader}`
}

function unreached({ kind, said }: Diagnosis, { target }: Report): string {
  return `${target.baseUrl}：${silence(kind)}${said === undefined ? '' : `（${said}）`}。`
}

/** Why no answer came, by the kind of its failure. */
function silence(failure: string): string {
  return own(silences, failure) ?? failure
}

const silences: Readonly<Record<Failure, string>> = {
  refused: '连接被拒绝，那里没有服务在监听',
  unresolved: '主机名无法解析',
  certificate: '证书不受信任；请用 NODE_EXTRA_CA_CERTS=FILE 指定其签发机构，或使用 --allow-self-signed',
  reset: '没有响应就关闭了连接',
  timeout: '没有按时响应',
  'not-http': '返回的不是 HTTP',
  proxy: '无法通过 HTTPS_PROXY、HTTP_PROXY 或 ALL_PROXY 指定的代理到达；NO_PROXY 可以让网关不经过代理',
  interrupted: '等待被中断',
}

function came({ url, status, said, page }: Diagnosis, { target }: Report): string {
  const answered = `POST ${url ?? target.baseUrl} 返回 ${status}`
  if (page) return `${answered} 和一个网页${said === undefined ? '' : `（“${said}”）`}。`
  return `${answered}：${said ?? '没有任何说明'}。`.replace(/\.。$/, '。')
}

function nameOf(auth: Auth): string {
  const names: Readonly<Record<Auth, string>> = {
    none: '--auth none（不带密钥）',
    bearer: 'Authorization: Bearer',
    both: '两个请求头',
    'x-api-key': 'x-api-key',
  }
  return names[auth]
}

function served(models: readonly string[]): string {
  const some = models.slice(0, 20).join('、')
  return `它提供的模型：${some}${models.length > 20 ? ` 等 ${models.length} 个` : ''}。`
}
