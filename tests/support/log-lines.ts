import type { Log } from '../../server/lib/log.js'

/** A log that keeps its lines. */
export class LogLines implements Log {
  private readonly lines: string[] = []

  get text(): string {
    return this.lines.join('\n')
  }

  debug(message: string): void {
    this.lines.push(message)
  }

  verbose(message: string): void {
    this.lines.push(message)
  }

  notice(message: string): void {
    this.lines.push(message)
  }

  warning(message: string): void {
    this.lines.push(message)
  }

  raw(text: string): void {
    this.lines.push(text)
  }

  setLevel(): void {
    // All levels are kept.
  }

  reopen(): void {
    // There is no file.
  }

  close(): void {
    // There is no file.
  }
}
