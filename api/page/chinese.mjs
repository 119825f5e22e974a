// What the page says in Chinese, as one file that only its Chinese readers load. Run by itself, it prints the file.
import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const WORDS = join(dirname(fileURLToPath(import.meta.url)), 'src/words')
const read = (name) => JSON.parse(readFileSync(join(WORDS, `${name}.zh.json`), 'utf8'))
const pageWords = JSON.parse(readFileSync(join(WORDS, 'zh.json'), 'utf8'))

export const chinese = () => JSON.stringify({
  words: { ...pageWords, ...read('stage'), ...read('ontology') }, rules: read('sentences'), facts: read('facts'),
})

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) process.stdout.write(chinese())
