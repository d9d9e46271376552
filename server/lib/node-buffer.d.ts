/** Methods of Buffer that Node has had since its first versions and @types/node leaves out. */
interface Buffer {
  latin1Slice(start?: number, end?: number): string
  latin1Write(text: string, offset?: number, length?: number): number
}
