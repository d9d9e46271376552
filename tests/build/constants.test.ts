import ts from 'typescript'
import { expect, test } from 'vitest'
import { foldConstants } from '../../build/constants.js'

/** What `main.ts` becomes beside other files. */
function compile(files: Readonly<Record<string, string>>): string {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ES2022,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    verbatimModuleSyntax: true,
    noLib: true,
    types: [],
  }
  let output = ''
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost(options),
    fileExists: name => name in files,
    readFile: name => files[name],
    getCurrentDirectory: () => '/',
    getSourceFile: (name, language) =>
      name in files ? ts.createSourceFile(name, files[name], language) : undefined,
    writeFile: (name, text) => {
      if (name === '/main.js') output = text
    },
  }
  const program = ts.createProgram(Object.keys(files), options, host)
  program.emit(undefined, undefined, undefined, false, { before: [foldConstants(program)] })
  return output
}

/** The last line of a main.ts that imports these constants. */
function folded(constants: string, line: string): string {
  const names = [...constants.matchAll(/const (\w+)/g)].map(([, name]) => name)
  const main = `import { ${names.join(', ')} } from './constants.js'\nexport let n = 1\n${line}\n`
  return compile({ '/constants.ts': constants, '/main.ts': main }).trimEnd().split('\n').at(-1)!
}

test.each([
  ['export const A = 20', 'n >>> A', 'n >>> 20;'],
  ['export const A = 20\nexport const B = (1 << A) - 1', 'n & B', 'n & 1048575;'],
  ['export const A = ~0x7f as number', 'n - A', 'n - (-128);'],
  ['export const A = 0x80808080 | 0', 'n = A', 'n = (-2139062144);'],
  ['export const A = { x: 1, y: 2 } as const', 'n = A.y', 'n = 2;'],
  ['export const A = 3', 'export const o = { A, b: A }', 'export const o = { A: 3, b: 3 };'],
  ['const B = 3\nexport const A = B * 2', 'export const f = (a = A) => a', 'export const f = (a = 6) => a;'],
])('%j: %s', (constants, line, becomes) => {
  expect(folded(constants, line)).toBe(becomes)
})

test.each([
  ['what is no constant', 'export let A = 20', 'n = A;'],
  ['what is computed by a call', 'export const A = Number("1")', 'n = A;'],
  ['what is no number', 'export const A = "1"', 'n = A;'],
  ['what is no finite number', 'export const A = 1 / 0', 'n = A;'],
  ['members that may change', 'export const A = { x: 1 }', 'n = A.x;'],
  ['the name of a member', 'export const A = 1', 'n = { A: 2 }.A;'],
])('%s stays as it is', (_, constants, line) => {
  expect(folded(constants, line)).toBe(line)
})

test('a name means what it means where it stands', () => {
  expect(folded('export const A = 1', 'export const f = (A: number) => A + n')).toBe(
    'export const f = (A) => A + n;',
  )
})
