import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { renderReport } from './markdown.js'
import type { Report } from './report.js'

/** Writes `STEM.md` and `STEM.json`, laid out like every other file of the repository. Gives the page. */
export async function writeReport(stem: string, report: Report): Promise<string> {
  const page = await laidOut(`${stem}.md`, renderReport(report))
  mkdirSync(dirname(stem), { recursive: true })
  writeFileSync(`${stem}.md`, page)
  writeFileSync(`${stem}.json`, await laidOut(`${stem}.json`, JSON.stringify(report, null, 2)))
  return page
}

async function laidOut(filepath: string, text: string): Promise<string> {
  return format(text, { ...(await resolveConfig(filepath)), filepath })
}
