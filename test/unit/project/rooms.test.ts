import assert from 'node:assert/strict';
import path from 'node:path';
import { ESLint } from 'eslint';

const root = path.join(__dirname, '..', '..', '..');

/** A file of each room, and an import that it must not have. */
const forbidden: [string, string][] = [
  ['src/core/arn.ts', 'vscode'],
  ['src/core/arn.ts', '@aws-sdk/client-ecs'],
  ['src/core/arn.ts', '../ecs/model'],
  ['src/aws/connect.ts', 'vscode'],
  ['src/aws/connect.ts', '../deploy/plan'],
  ['src/ecs/inventory.ts', '@aws-sdk/client-ecs'],
  ['src/ecs/inventory.ts', '../ui/say'],
  ['src/engine/engine.ts', 'vscode'],
  ['src/engine/engine.ts', '../deploy/plan'],
  ['src/deploy/plan.ts', 'vscode'],
  ['src/deploy/plan.ts', '@smithy/core'],
  ['src/deploy/plan.ts', '../explorer/views'],
  ['src/ui/say.ts', '@aws-sdk/client-ecs'],
  ['src/ui/say.ts', '../sandbox/ids'],
  ['src/explorer/views.ts', '../sandbox/ids'],
  ['src/sandbox/ids.ts', 'vscode'],
  ['src/sandbox/ids.ts', '@aws-sdk/client-ecs'],
  ['src/sandbox/ids.ts', '../aws/connect'],
];

const allowed: [string, string][] = [
  ['src/ui/say.ts', 'vscode'],
  ['src/aws/connect.ts', '@aws-sdk/client-ecs'],
  ['src/deploy/plan.ts', '../ecs/model'],
  ['src/sandbox/ids.ts', '../core/arn'],
];

describe('the rooms, held apart by the linter', function () {
  this.timeout(60_000);
  const eslint = new ESLint({ cwd: root });
  const refuses = async (file: string, module: string): Promise<boolean> => {
    const [result] = await eslint.lintText(`import * as it from '${module}';\nit.toString();\n`, {
      filePath: path.join(root, file),
    });
    return Boolean(result?.messages.some(({ ruleId }) => ruleId === '@typescript-eslint/no-restricted-imports'));
  };

  for (const [file, module] of forbidden) {
    it(`${path.dirname(file)} may not import ${module}`, async () => assert.equal(await refuses(file, module), true));
  }
  for (const [file, module] of allowed) {
    it(`${path.dirname(file)} may import ${module}`, async () => assert.equal(await refuses(file, module), false));
  }
});
