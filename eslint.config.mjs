import tseslint from 'typescript-eslint';

/** Every room and what it may not import. The rule text is what a developer reads when it fires. */
const noVscode = { name: 'vscode', message: 'Only extension.ts, explorer/, commands/ and ui/ may import vscode.' };
const noSdk = {
  group: ['@aws-sdk/*', '@smithy/*'],
  message: 'Only aws/ may import the SDK; everybody else speaks through gateway interfaces.',
};
const noSandbox = { group: ['**/sandbox/**', '**/sandbox'], message: 'The product meets the sandbox over HTTP only.' };
const outside = (...rooms) => ({
  group: rooms.map((room) => `**/${room}/**`),
  message: 'This room may not depend on that one (see README, "How the rooms are laid out").',
});
const rule = (paths, patterns) => ({
  'no-restricted-imports': 'off',
  '@typescript-eslint/no-restricted-imports': ['error', { paths, patterns }],
});

export default tseslint.config(
  { ignores: ['dist/', '.vscode-test/', 'test/out/', 'node_modules/'] },
  ...tseslint.configs.strict,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    files: ['**/*.ts'],
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-extraneous-class': 'off',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'No default exports.' },
        { selector: 'ExportAllDeclaration', message: 'No barrel files.' },
      ],
      'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['src/core/**'],
    rules: rule(
      [noVscode],
      [noSdk, noSandbox, outside('aws', 'ecr', 'ecs', 'engine', 'deploy', 'explorer', 'commands', 'ui')],
    ),
  },
  {
    files: ['src/sandbox/**'],
    rules: rule([noVscode], [noSdk, outside('aws', 'ecr', 'ecs', 'engine', 'deploy', 'explorer', 'commands', 'ui')]),
  },
  {
    files: ['src/aws/**'],
    rules: rule([noVscode], [noSandbox, outside('engine', 'deploy', 'explorer', 'commands', 'ui')]),
  },
  {
    files: ['src/{ecr,ecs,engine,network,logs}/**'],
    rules: rule([noVscode], [noSdk, noSandbox, outside('deploy', 'explorer', 'commands', 'ui')]),
  },
  {
    files: ['src/{deploy,provision}/**'],
    rules: rule([noVscode], [noSdk, noSandbox, outside('explorer', 'commands', 'ui')]),
  },
  { files: ['src/{explorer,commands,ui}/**', 'src/extension.ts'], rules: rule([], [noSdk, noSandbox]) },
  {
    files: ['src/page/**'],
    rules: rule([noVscode], [noSdk, noSandbox, outside('aws', 'engine', 'deploy', 'explorer', 'commands', 'ui')]),
  },
  { files: ['test/**'], rules: { 'max-lines-per-function': 'off' } },
  { files: ['esbuild.js'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
);
