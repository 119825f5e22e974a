// What the page says, a file for each language, and one for the law in Chinese. `node dictionaries.mjs NAME` prints one.
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const HERE = dirname(fileURLToPath(import.meta.url))
const WORDS = join(HERE, 'src/words')
const REFERENCE = resolve(HERE, '../../graph/reference')
const read = (name) => JSON.parse(readFileSync(join(WORDS, `${name}.zh.json`), 'utf8'))
const words = (...names) => Object.assign({}, ...names.map((name) => JSON.parse(readFileSync(join(WORDS, `${name}.json`), 'utf8'))))

/** The values of some keys, each a line of a TOML file of the reference set. */
const lines = (file, key) => [...readFileSync(join(REFERENCE, file), 'utf8').matchAll(new RegExp(`^${key} = "(.*)"$`, 'gm'))].map((found) => found[1])

/** Names of routes and questions of facts, as the service says them, in Chinese; without it, they are read in English. */
function texts(facts) {
  const names = readFileSync(join(REFERENCE, 'facts.toml'), 'utf8').matchAll(/^\[(\w+)\]\nquestion = "(.*)"$/gm)
  const routes = readdirSync(join(REFERENCE, 'routes')).map((file) => ['name', 'name_zh'].map((key) => lines(`routes/${file}`, key)[0]))
  return Object.fromEntries([...[...names].map(([, name, question]) => [question, facts[name]?.question]), ...routes].filter((pair) => pair[1]))
}

export const english = () => JSON.stringify({ words: words('en', 'stage.en'), rules: {} })

export const chinese = () => JSON.stringify({ words: words('zh', 'stage.zh', 'ontology.zh'), rules: read('sentences') })

export function chineseLaw() {
  const facts = read('facts')
  const answers = Object.fromEntries(Object.entries(facts).map(([name, { yes, no }]) => [name, { yes, no }]))
  return JSON.stringify({ texts: texts(facts), answers })
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.stdout.write({ english, chinese, chineseLaw }[process.argv[2]]())
}
