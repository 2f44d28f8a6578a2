import type { CommandHelp, CommandName } from './command-table.ts'
import type { OptionName } from './options.ts'
import { clientFiles, matrixFiles, outFiles, runsFolder } from './report/files.ts'

/* --help in Chinese: what command-table.ts and options.ts say, by the same names. A missing one is a type error. */

export const overview = {
  usage: 'messages-conformance <命令> [选项]',
  more: `每个命令说明自己的用法：messages-conformance check --help --lang zh
--version 显示版本。
退出码：0 已证明，1 已证明违反，2 未能证明。
`,
} as const

export const commandsInChinese: Readonly<Record<CommandName, CommandHelp>> = {
  init: {
    about: '询问网关的三件事，写出目标文件，并快速检验一次',
    usage: `
  messages-conformance init
  messages-conformance init --base-url https://gateway.example --key-env ACME_KEY --model NAME --ci github

只问选项没有回答的：Base URL、存放密钥的变量、模型。从不覆盖已有的文件。
`,
    help: { target: '要写的文件（默认：conformance.json）' },
  },
  check: {
    about: '向网关发送少量请求，检验收到的响应（默认）',
    usage: `
  messages-conformance check --base-url https://gateway.example --model NAME
  messages-conformance check --target gateways.json
  messages-conformance check                      检验内置的参考网关
`,
  },
  plan: {
    about: 'check 会发送什么、最多花费多少；不发送请求',
    usage: `
  messages-conformance plan --profile claude-code
  messages-conformance plan --target gateways.json
  messages-conformance plan --upstream-dialect chat-completions
`,
    help: {
      target: '为这个文件里的每个网关计划',
      'upstream-port': '网关后面有我们自己的上游时的计划',
      'upstream-dialect': '这个上游使用该协议时的计划',
      profile: '按哪个档位计划（默认：sdk）',
      require: '必须具备的能力：总会询问',
      lacks: '已知不具备的能力：不询问',
      strict: '在这里不起作用：它影响检验，而这里不检验',
      'allow-long': '也计划超过 10,000 输入 token 的请求',
      'compare-chat': '也计划向 /v1/chat/completions 提出的问题',
    },
  },
  judge: {
    about: '重新检验一份录制或 HAR，不发送请求',
    usage: `
  messages-conformance judge conformance/         --out 的文件夹：其中的录制
  messages-conformance judge conformance/tape.jsonl
  messages-conformance judge traffic.har --only streaming
`,
    help: {
      profile: '按哪个档位检验（默认：录制时的档位；HAR 为 sdk）',
      lacks: '已知不具备的能力：若是必需的，算作违反',
      quick: '局部检验：只看 check --quick 的请求',
      fixture: '局部检验：只看这些请求',
      'allow-long': '也检验需要超过 10,000 输入 token 的要求',
    },
  },
  diff: {
    about: '两次运行之间的变化，都用这一版本检验',
    usage: `
  messages-conformance diff yesterday/ today/     两个 --out 的文件夹，或两份录制

原来成立的要求被违反，或一项能力没有了，退出码为 1；无法判断为 2；否则为 0。
`,
    help: {
      only: '只比较这些要求',
      profile: '两次都按哪个档位检验（默认：full）',
      history: '标出在那里的记录中时好时坏的要求：变化了三次或更多',
    },
  },
  merge: {
    about: '把多次运行合成一张总表：谁遵守，谁违反，从何时起',
    usage: `
  messages-conformance merge runs/ --out fleet    --out 的文件夹，或装着它们的文件夹
  messages-conformance merge shard-1/ shard-2/ shard-3/
  messages-conformance merge runs/2026-11-24/ runs/2026-11-25/

每个目标一行，取其最近一次运行；更早的运行显示从何时起违反了什么。一次运行不论找到多少份，只计一次。
只要有一个目标违反，退出码为 1；否则有未能证明的、缺少的或没写完的报告，为 2；否则为 0。
`,
    help: {
      out: `写出 ${matrixFiles.join('、')} 的文件夹`,
      history: '把这些运行加进那里的记录，并显示从何时起违反了什么',
      json: '把总表作为一个对象写到标准输出',
    },
  },
  mock: {
    about: '在本机提供内置的参考网关，正确的或有故障的',
    usage: `
  messages-conformance mock --port 4010
  messages-conformance mock --fault streaming/no-message-stop
  messages-conformance mock --fault upstream/overloaded:first=2     只影响前两个请求；或用 :from=3
  messages-conformance mock --fault tools/input-in-start --upstream https://gateway.example
  messages-conformance mock --arrivals chat-completions --port 4010

它一直服务到被中断为止。第一行是 Base URL，然后是密钥和模型。其他密钥返回 401，其他模型返回 404。
请求可以用 x-mock-fault: ID 头为自己选择故障；中间隔着网关时，用最后一条消息里的 [mock-fault: ID]。
被拒绝的请求里若有 Chat Completions 的残留，会在标准错误上指出。

放在上游前面时，密钥和模型是上游的。改变整条 Message 的故障会向上游请求两次。
用 --arrivals 时，它自己是某个网关的上游，使用它打印的密钥，并打印目标文件里该写的一行；它只在本机、一次只向一个 check
展示到达的请求。
`,
    help: { fault: '带着这个故障提供服务；ID:first=N 或 ID:from=N 只影响部分请求' },
  },
  tap: {
    about: '站在真实的客户端与网关之间，检验经过的一切',
    usage: `
  messages-conformance tap --upstream https://gateway.example --port 4011
  messages-conformance tap --upstream https://gateway.example --out tapped --bodies text

把第一行的 Base URL 和网关的密钥交给客户端。一切都原样、随到随传地双向通过；每次交换在结束时检验：各占一行，
最后给出与 check 相同的报告，以及每个客户端遇到了什么、做了什么。
它在被中断时结束，或在 --requests 个请求之后结束。它只监听 127.0.0.1，不持有密钥，也不写下任何凭证。
录制只保留请求体和响应体的形状；--bodies text 保留除图片和文档以外的内容，--bodies all 原样保留。
`,
    help: {
      upstream: '一切所发往的唯一网关，与 SDK 所用的地址相同：不带 /v1',
      profile: '按哪个档位检验（默认：full）',
      strict: '违反 should 也算失败',
    },
  },
  client: {
    about: '让客户端在有故障的网关上运行：它能察觉吗，能挺过吗',
    usage: `
  messages-conformance client -- node agent.mjs
  messages-conformance client --faults streaming,tools/end-turn -- claude -p "What is in README.md?"

先让命令在参考网关上运行两次，它必须正常结束并写出同样的内容；然后在每个会对它的请求作出不同响应的网关上各运行一次：
故障、失败，以及合法的差异。id、时间、耗时和地址可以不同。
命令从 ANTHROPIC_BASE_URL 得到网关，从 ANTHROPIC_API_KEY（或用 --auth bearer 从 ANTHROPIC_AUTH_TOKEN）得到密钥，
从 ANTHROPIC_MODEL 得到模型，或者都由命令里的 {baseUrl}、{key} 和 {model} 得到。它在空的文件夹里、以空的 HOME 运行，
你的环境变量里它只得到 PATH 和语言；命令里指向这里某个文件的词会换成完整路径。

结果是其中之一。察觉：它失败，或在标准错误上说了出来；挺过：它重新请求或换种方式请求，结果与参考网关上相同；未受影响；
无声地丢失内容；卡住。响应里没有任何东西显示丢失的，是无从察觉；在合法的差异上失败或结果不同的，是被合法的差异绊倒，不算失败。
有无声的丢失或卡住时退出码为 1，无法判断时为 2，否则为 0。
`,
    help: {
      auth: 'x-api-key：密钥在 ANTHROPIC_API_KEY 里（默认）；bearer：在 ANTHROPIC_AUTH_TOKEN 里',
      model: '模型的名字（默认：claude-reference）；其他任何名字也会应答',
      timeout: '每次运行的时限（默认：30）',
      concurrency: '同时进行的运行数（默认：4）',
      out: `写出 ${clientFiles.join('、')} 的文件夹，每次运行写出的内容在 ${runsFolder} 里`,
    },
  },
  convert: {
    about: '把 Chat Completions 的请求体转换成 Messages 的，并列出没有对应物的部分',
    usage: `
  messages-conformance convert body.json > messages.json
  program | messages-conformance convert -        从标准输入读取

POST /v1/messages 的请求体写到标准输出；不在其中的、或以另一种方式存在的部分写到标准错误。
说过的内容不在结果里，或 API 会拒绝这个结果时，退出码为 2。
`,
    help: { json: '把 request、notes 和 refused 作为一个对象写到标准输出' },
  },
  list: {
    about: '要求的目录，或违反它们的故障',
    usage: `
  messages-conformance list                       全部要求
  messages-conformance list streaming stop        id 含有其中某个词的要求
  messages-conformance list --faults tools        id 含有这个词，或违反这类要求的故障
`,
  },
  explain: {
    about: '一条要求：内容、理由、受影响的客户端、如何检验',
    usage: `
  messages-conformance explain streaming/ends
`,
  },
}

export const optionsInChinese: Readonly<Record<OptionName, string>> = {
  'base-url': '网关的地址，与 SDK 所用的相同：不带 /v1',
  model: '要使用的模型',
  'key-env': '存放密钥的环境变量（默认：GATEWAY_API_KEY）',
  auth: '携带密钥的请求头（默认：bearer）',
  'key-header': '网关自己的、原样携带密钥的请求头',
  header: '再加一个请求头，随每个请求发送',
  'header-env': '再加一个请求头，其值是机密',
  profile: '按哪个档位检验（默认：sdk）',
  require: '必须具备的能力，与档位无关',
  lacks: '已知不具备的能力：不询问；若是必需的，算作违反',
  strict: '违反 should 也算失败，并且每条 must 都必须得到检验',
  only: '局部检验：只看这些要求',
  quick: '局部检验：免费的请求，以及最能发现问题的六个付费请求',
  fixture: '局部检验：只看这些请求',
  concurrency: '同时进行的请求数（默认：6）',
  quiet: '不显示进度',
  curl: '在终端上也显示每处违反的 curl；在别处和报告里总是显示',
  target: '目标文件里的网关，各有自己的设置',
  'write-target': '写出目标文件，把今天具备的能力列为必需',
  'write-waivers': '写出目标文件，为每处违反提出豁免',
  wait: '等待仍在启动的网关，最多这么久，计入 --max-requests',
  deadline: '整个运行的时限（默认：1800）',
  'allow-self-signed': '接受无人担保的证书（NODE_EXTRA_CA_CERTS 可指定自己的 CA）',
  timeout: '多久没有收到一个字节就放弃（默认：60）',
  'max-requests': '可能超出时，什么也不发送',
  'max-input-tokens': '同上',
  'max-output-tokens': '同上',
  'api-version': '要发送的 anthropic-version（默认：2023-06-01）',
  'small-model': '后台请求使用的模型',
  'allow-long': '也发送超过 10,000 输入 token 的请求',
  host: '只看 HAR 里与这个主机的往来',
  'compare-chat': '向 /v1/chat/completions 提出同样的几个问题并比较',
  'upstream-port': '在这个端口上为网关提供上游，并查看到达上游的请求',
  'upstream-dialect': '网关与上游之间的协议（默认：messages）',
  shard: '目标文件里属于 N 次运行之一的目标；auto 读取引擎的变量',
  history: '在那里保存这次运行的记录，并显示从何时起违反了什么',
  public: '供所有人看：没有通往报告的链接，没有文件夹',
  'hide-hosts': '配合 --public：也没有地址',
  'no-start': '目标文件中的网关已在运行：不再启动',
  out: `写出 ${outFiles.join('、')} 的文件夹`,
  fault: '检验内置的参考网关，前面放置这个故障',
  arrivals: '作为以此协议调用的网关的上游，并向指名此地址的 check 展示到达的请求',
  upstream: '放在这个网关前面，代替参考网关',
  log: '把往来写成录制，可由 judge 读取',
  bodies: '录制保留多少请求体和响应体（默认：shapes）',
  'allow-origin': '允许这个来源的网页在浏览器里使用它',
  requests: '这么多个请求之后结束',
  latency: '每个响应之前等待这么久',
  'token-rate': '流里每秒这么多 delta',
  variant: '提供参考网关的一种合法差异',
  port: '监听的端口（默认：0，任一空闲端口）',
  key: 'mock 接受的密钥',
  'any-model': '接受任何模型名',
  ci: '也写出每晚检验它的工作流',
  'no-run': '不做快速检验',
  lang: '给人阅读的输出所用的语言（默认：en）',
  json: '供程序读取',
  markdown: '用于拉取请求',
  faults: '列出故障，而不是要求',
  'faults-among': '只用这些网关；variants 代表全部合法的差异（默认：全部）',
  here: '在当前文件夹里运行，而不是在空的文件夹里',
  help: '本说明',
  version: '本工具的版本',
}
