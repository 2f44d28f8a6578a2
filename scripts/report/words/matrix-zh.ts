import type { DiagnosisKind, MissingReport } from '../../../schemas/types.ts'
import type { matrix as english } from './matrix-en.ts'

const stopped: Readonly<Record<DiagnosisKind, string>> = {
  refused: '拒绝连接',
  unresolved: '域名无法解析',
  certificate: '证书不受信任',
  reset: '关闭了连接',
  timeout: '没有应答',
  'not-http': '不是 HTTP',
  proxy: '代理没有放行',
  interrupted: '被中断',
  credential: '密钥不被接受',
  forbidden: '禁止访问',
  balance: '余额用尽',
  busy: '繁忙',
  'upstream-down': '上游不可用',
  'upstream-unasked': '从未请求上游',
  'upstream-refused': '上游拒绝',
  unserved: '不应答任何请求',
  redirect: '重定向',
  'web-page': '返回的是网页',
  'no-route': '没有这个路径',
  'no-model': '不提供这个模型',
  budget: '会超出允许的花费',
  deadline: '时间用尽',
  lost: '中途不再应答',
  error: '本工具自身的错误',
}

const missing: Readonly<Record<MissingReport['why'], string>> = {
  'no-folder': '不存在',
  'no-report': '里没有报告',
  'cut-short': '里的运行没有写完报告',
  'no-json': '里的 report.json 不是 JSON',
  unknown: '里的 report.json 不是这一版本所认识的',
}

/** What is said of several targets in Chinese. */
export const matrix: typeof english = {
  target: '目标',
  model: '模型',
  exit: '退出码',
  reached: '达到',
  broken: '违反',
  title: '全部目标',
  exits: { 0: '遵守', 1: '违反', 2: '未能证明' },
  inPart: '局部，未见违反',
  worseHeading: '变差的',
  brokenHeading: '违反',
  notProvenHeading: '未能证明',
  missingHeading: '缺少',
  unlike: '并非都具备的能力',
  stopped: (kind) => stopped[kind],
  unanswered: '有 must 没有得到应答',
  missing: (folder, why) => `${folder} ${missing[why]}。`,
  more: (count) => `另有 ${count} 条`,
  musts: (count) => `${count} 条 must`,
  shoulds: (count) => `${count} 条 should`,
  with: (state, names) => `${state}：${names}`,
  withCount: (state, count) => `${state}：${count} 个`,
  counts: ({ kept, broken, notProven }) => `${kept} 个遵守约定，${broken} 个违反，${notProven} 个未能证明`,
  worse: (count) => `${count} 个变差`,
  missingCount: (count) => `${count} 个缺少`,
  profile: '档位',
  lastRun: '最近一次运行',
  clients: '客户端',
  areas: '领域',
  capabilities: '能力',
  everywhere: '违反了什么，在哪里',
  requirement: '要求',
  targets: '目标',
  trend: '从何时起',
  nothingBroke: '这些运行里没有违反。',
  runs: (count, from, to) => `${count} 次运行，${from} 到 ${to}`,
  run: (number, all) => `第 ${number} 次（共 ${all} 次）`,
  since: ({ is, changes }, run, when) =>
    is === 'flapping'
      ? `时好时坏：变化了 ${changes} 次`
      : changes === 0
        ? `每次都违反`
        : is === 'broken'
          ? `从${run}起违反，${when}`
          : `在${run}恢复，${when}`,
  flapping: '时好时坏',
  firstToken: '首个 token 的时间',
  longestGap: '流中最长的停顿',
  milliseconds: (value) => `${Math.round(value)} 毫秒`,
  lastOf: (value, least, most) => `${value}，从 ${least} 到 ${most}`,
  find: '查找',
  findWhat: '目标、模型或要求',
  filter: '筛选目标',
  showAll: '全部显示',
  shown: '显示 {shown}/{all} 个目标',
  legend: '每一格都通往报告中的相应位置。',
  areaCell: (broken, holds, others) => `违反 ${broken}，成立 ${holds}，其他 ${others}`,
  noReport: '没有报告',
  strange: (folder, count) => `${folder}：${count} 行不是这一版本所认识的记录，未计入。`,
}
