import { expect, test } from 'vitest'
import { checkCommands, checkKeys } from '../../../bench/load/check.js'
import type { Reply } from '../../../bench/server/connection.js'

/** As much of a server as the load asks for. */
class Model {
  private readonly values = new Map<string, string>()

  call = async (name: string, ...words: string[]): Promise<Reply> => {
    const [key] = words
    switch (name) {
      case 'PING':
        return 'PONG'
      case 'GET':
        return this.values.get(key) ?? null
      case 'INCR':
        this.values.set(key, String(Number(this.values.get(key) ?? 0) + 1))
        return Number(this.values.get(key))
      case 'DBSIZE':
        return this.values.size
      default:
        for (let i = 0; i < words.length; i += 2) this.values.set(words[i], words[i + 1])
        return 'OK'
    }
  }
}

test('a server that does its work is measured', async () => {
  const model = new Model()
  await expect(checkCommands(model)).resolves.toBeUndefined()
  await expect(checkKeys(model, 3)).resolves.toBeUndefined()
})

test('a server that says OK to all it does not know is refused', async () => {
  const model = new Model()
  const stub = {
    call: async (...words: string[]) => (words[0] === 'MSET' ? 'OK' : model.call(...(words as [string]))),
  }
  await expect(checkCommands(stub)).rejects.toThrow('GET bench:a answers "VXK", not "1"')
  await expect(checkKeys(stub, 4)).rejects.toThrow('DBSIZE answers 2, not 4')
})
