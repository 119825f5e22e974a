// Writes src/types.ts: the schemas of the service's OpenAPI document as types. With --check, fails if it is not current.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const HERE = dirname(fileURLToPath(import.meta.url))
const TARGET = join(HERE, 'src/types.ts')
// What an answer has of nodes and links differs by their types in the document; the page reads all of them alike.
const GENERAL = { AnyEntity: 'EntityOut', AnyLink: 'LinkOut' }
const { components, paths } = JSON.parse(readFileSync(resolve(HERE, '../../tests/golden/openapi.json'), 'utf8'))

function nameOf(reference) {
  const name = reference.split('/').pop()
  return GENERAL[name] ?? name
}

const used = new Set()
function follow(part) {
  if (Array.isArray(part)) return part.forEach(follow)
  if (!part || typeof part !== 'object') return
  if (typeof part.$ref === 'string' && part.$ref.startsWith('#/components/schemas/')) {
    const name = nameOf(part.$ref)
    if (!used.has(name)) {
      used.add(name)
      follow(components.schemas[name])
    }
  }
  Object.values(part).forEach(follow)
}
follow(paths)

function typeOf(schema) {
  if (schema.$ref) return nameOf(schema.$ref)
  if (schema.type === 'string' && !schema.enum && !('const' in schema)) return 'string' // whatever forms it may have
  const some = schema.anyOf ?? schema.oneOf
  if (some) return [...new Set(some.map(typeOf))].join(' | ')
  if (schema.allOf) return schema.allOf.map(typeOf).join(' & ')
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(' | ')
  if ('const' in schema) return JSON.stringify(schema.const)
  if (schema.type === 'array') {
    if (schema.prefixItems) return `[${schema.prefixItems.map(typeOf).join(', ')}]`
    return schema.items ? `(${typeOf(schema.items)})[]` : 'unknown[]'
  }
  if (schema.type === 'object' || schema.properties || schema.additionalProperties) return objectOf(schema)
  return { string: 'string', integer: 'number', number: 'number', boolean: 'boolean', null: 'null' }[schema.type] ?? 'unknown'
}

function objectOf(schema) {
  const required = new Set(schema.required ?? [])
  const fields = Object.entries(schema.properties ?? {})
  if (!fields.length) {
    const rest = schema.additionalProperties
    return rest && typeof rest === 'object' ? `{ [key: string]: ${typeOf(rest)} }` : '{ [key: string]: unknown }'
  }
  return `{\n${fields.map(([name, one]) => `  ${/^\w+$/.test(name) ? name : JSON.stringify(name)}${required.has(name) ? '' : '?'}: ${typeOf(one)}\n`).join('')}}`
}

const text = `// Made by \`make generate\` from the service's OpenAPI document.\n\n${[...used]
  .sort()
  .map((name) => `export type ${name} = ${typeOf(components.schemas[name])}\n`)
  .join('\n')}`

let present = ''
try {
  present = readFileSync(TARGET, 'utf8')
} catch {
  // it is made below
}
if (present !== text) {
  if (process.argv.includes('--check')) {
    console.error('not up to date: api/page/src/types.ts; run `make generate`')
    process.exit(1)
  }
  writeFileSync(TARGET, text)
  console.log('wrote api/page/src/types.ts')
}
