/** Parts of RDB files that only some servers have written, and that we read past, or translate. */

import { BadData } from '../../server/data/serial/bad-data.js'
import type { ValueReader } from '../../server/data/serial/value-reader.js'
import { ModuleOpcode } from './format.js'

/** What a module keeps besides keys: we have no modules, so nobody misses it. */
export function skipModule(reader: ValueReader): void {
  reader.wideSize()
  skipModuleParts(reader)
}

/** What modules keep besides a key: for each its class, and its data. */
export function skipKeyMeta(reader: ValueReader): void {
  for (let classes = reader.size(); classes > 0; classes--) {
    reader.bytes(4)
    skipModuleParts(reader)
  }
}

/** A range of slots that was on its way to this node of a cluster: a name, and the bounds. */
export function skipSlotImport(reader: ValueReader): void {
  reader.string()
  for (let bounds = reader.size() * 2; bounds > 0; bounds--) reader.wideSize()
}

/** 7.0's release candidates wrote name, engine, description and code; since then the name is a line of the code. */
export function oldLibrary(reader: ValueReader): Uint8Array {
  const name = reader.string().latin1()
  const engine = reader.string().latin1()
  if (reader.size() !== 0) reader.string()
  return Buffer.from(`#!${engine} name=${name}\n${reader.string().latin1()}`, 'latin1')
}

function skipModuleParts(reader: ValueReader): void {
  for (;;) {
    const code = reader.size()
    if (code === ModuleOpcode.end) return
    if (code === ModuleOpcode.string) reader.string()
    else if (code === ModuleOpcode.float) reader.bytes(4)
    else if (code === ModuleOpcode.double) reader.bytes(8)
    else if (code === ModuleOpcode.signed || code === ModuleOpcode.unsigned) reader.wideSize()
    else throw new BadData(`unknown opcode ${code} in a module's data`)
  }
}
