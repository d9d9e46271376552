import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

const PRIORITY = new URL('../../../server/lib/priority.ts', import.meta.url).href

/** The niceness of a fresh process's threads, its own first. */
function nicenessAfter(call: string): number[] {
  const program = `
    import { readdirSync } from 'node:fs'
    import { getPriority } from 'node:os'
    import * as priority from '${PRIORITY}'
    priority.${call}()
    const threads = readdirSync('/proc/self/task').map(Number).sort((a, b) => a - b)
    console.log(JSON.stringify(threads.map(thread => getPriority(thread))))`
  const options = ['--import', 'tsx', '--input-type=module', '-e', program]
  return JSON.parse(execFileSync(process.execPath, options, { encoding: 'utf8' })) as number[]
}

test.runIf(process.platform === 'linux')("V8's threads give way to the loop, and no others", () => {
  const [own, ...others] = nicenessAfter('letV8GiveWay')
  expect(own).toBe(0)
  expect(others.slice(0, 5)).toEqual([10, 10, 10, 10, 10])
  expect(others.slice(5).filter(niceness => niceness !== 0)).toEqual([])
})
