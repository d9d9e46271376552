/** One field of the text that INFO answers, or null. */
export function infoField(info: string, name: string): string | null {
  const line = info.split('\r\n').find(one => one.startsWith(`${name}:`))
  return line === undefined ? null : line.slice(name.length + 1)
}
