import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { tuneV8 } from '../../server/lib/v8-flags.js'
import { fixed } from '../report/format.js'
import { measure } from './measure.js'
import type { Registration } from './micro.js'

/**
 * `npm run bench:micro [-- WORD ...]`: nanoseconds per operation of single functions. Every `*.bench.ts` beside
 * this file is a bench; the words choose among the names.
 *
 * Built, every file is a program with all that it calls: a function that the benches of a file call has seen all
 * their arguments, as it would in a server. A name chosen alone may be faster than in company.
 *
 * V8 is set as the server sets it. For the whole way of a command see `pipeline.bench.ts`.
 */
tuneV8()
const words = process.argv.slice(2)
/** Built or not: measure what is built, the transformations of tsx cost up to five times. */
const ending = import.meta.filename.endsWith('.ts') ? '.bench.ts' : '.bench.js'

for (const file of readdirSync(import.meta.dirname).sort()) {
  if (!file.endsWith(ending)) continue
  console.log(`\n${file.slice(0, -ending.length)}`)
  const { default: register } = (await import(fileUrl(file))) as { default: Registration }
  register((name, work) => {
    if (words.length > 0 && !words.some(word => name.includes(word))) return
    const { medianNs, leastNs, mostNs } = measure(work)
    console.log(
      `  ${name.padEnd(32)} ${nanoseconds(medianNs)} ns/op   (${fixed(leastNs, 1)} - ${fixed(mostNs, 1)})`,
    )
  })
}

function fileUrl(file: string): string {
  return pathToFileURL(join(import.meta.dirname, file)).href
}

function nanoseconds(value: number): string {
  return fixed(value, 1).padStart(9)
}
