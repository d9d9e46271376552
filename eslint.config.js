import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

export default defineConfig(
  globalIgnores(['**/dist/', '**/.cache/', '**/coverage/', '**/node_modules/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['vitest.config.ts'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      eqeqeq: 'error',
      'no-fallthrough': 'error',
      'no-self-compare': 'error',

      // A named state belongs in one exhaustive switch; a state somebody adds later must not fall through it.
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],

      // Reading a typed array or a stack at a known place is the daily bread of the arena: `!` says so for free.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // tsc runs without noUncheckedIndexedAccess, so this rule would call every honest bounds check superfluous.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // `dict: ${used} of ${size}`, and flags made of shifts.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true, allowNullish: false, allowAny: false },
      ],
      '@typescript-eslint/restrict-plus-operands': [
        'error',
        {
          allowNumberAndString: true,
          allowNullish: false,
          allowBoolean: false,
          allowAny: false,
        },
      ],
      '@typescript-eslint/prefer-literal-enum-member': ['error', { allowBitwiseExpressions: true }],
      // `if (short) return copyWords(from, to)` in a void function leaves early and reads well.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // What implements an asynchronous door is asynchronous by its type, not because it waits.
      '@typescript-eslint/require-await': 'off',
    },
  },
)
