// Bundles the explorer page into api/kg_api/_page: scripts and styles named by their content, licences, index.html.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { chinese, chineseLaw, english } from './dictionaries.mjs'

const HERE = dirname(fileURLToPath(import.meta.url))
const OUT = resolve(HERE, '..', 'kg_api', '_page')
const LICENCE_FILE = /^(licen[cs]e|copying)(\.\w+)?$/i

const options = {
  absWorkingDir: HERE, bundle: true, write: false, minify: true, format: 'esm', target: 'es2022', metafile: true,
  jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none', charset: 'utf8', outdir: OUT, logLevel: 'warning',
  alias: Object.fromEntries(['d3-selection', 'd3-transition', 'd3-interpolate'].map((name) => [name, join(HERE, 'src/stage/selection.ts')])),
}
const packages = new Set()

async function bundle(entry, define = {}) {
  const made = await build({ ...options, entryPoints: [entry], define })
  for (const input of Object.keys(made.metafile.inputs)) {
    const found = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)
    if (found) packages.add(found[1])
  }
  return made.outputFiles
}

const files = new Map()
function keep(name, kind, content) {
  const named = `${name}.${createHash('sha256').update(content).digest('hex').slice(0, 12)}.${kind}`
  files.set(named, content)
  return named
}

const worker = keep('layout', 'js', (await bundle(join(HERE, 'src/stage/layout.worker.ts')))[0].contents)
const dictionaries = { ENGLISH: keep('en', 'json', english()), CHINESE: keep('zh', 'json', chinese()), CHINESE_LAW: keep('law.zh', 'json', chineseLaw()) }
const made = await bundle(join(HERE, 'src/main.tsx'), {
  LAYOUT_WORKER: JSON.stringify(`page/${worker}`),
  ...Object.fromEntries(Object.entries(dictionaries).map(([name, file]) => [name, JSON.stringify(`page/${file}`)])),
})
const named = {}
for (const file of made) {
  const kind = file.path.endsWith('.css') ? 'css' : 'js'
  named[kind] = keep(kind === 'css' ? 'page' : 'main', kind, file.contents)
}
const page = readFileSync(join(HERE, 'src/index.html'), 'utf8')
files.set('index.html', page.replace('page.css', `page/${named.css}`).replace('main.js', `page/${named.js}`))
files.set('icon.svg', readFileSync(join(HERE, 'src/icon.svg')))
files.set('LICENSES.txt', [...packages].sort().map(licence).join('\n'))

rmSync(OUT, { recursive: true, force: true })
mkdirSync(OUT, { recursive: true })
for (const [name, content] of files) writeFileSync(join(OUT, name), content)

function licence(name) {
  const folder = join(HERE, 'node_modules', name)
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = readdirSync(folder).find((one) => LICENCE_FILE.test(one))
  if (!file) throw new Error(`${name} ${version} (${license}) has no file with its licence`)
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`
}
