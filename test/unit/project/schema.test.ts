import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { schemaFile, taskDefinitionSchema } from '../../kit/taskDefinitionSchema';

interface Schema {
  readonly properties: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly required: readonly string[];
  readonly additionalProperties: boolean;
}

describe('the JSON schema of task definitions', function () {
  this.timeout(20_000);
  const text = readFileSync(schemaFile, 'utf8');
  const { definitions } = JSON.parse(text) as { definitions: Readonly<Record<string, Schema>> };
  const member = (shape: string, name: string): Readonly<Record<string, unknown>> => {
    const found = definitions[shape]?.properties[name];
    assert.ok(found, `${shape}.${name}`);
    return found;
  };

  it('is what the API model says (npm run schema writes it)', () => assert.equal(text, taskDefinitionSchema()));

  it('knows what must be there, the words of enumerations and the bounds of numbers', () => {
    assert.deepEqual(definitions['RegisterTaskDefinitionRequest']?.required, ['family', 'containerDefinitions']);
    assert.deepEqual(definitions['ContainerDefinition']?.required, ['name', 'image']);
    assert.ok((member('LogConfiguration', 'logDriver')['enum'] as string[]).includes('awslogs'));
    assert.equal(member('PortMapping', 'containerPort')['maximum'], 65_535);
    assert.match('web-1', new RegExp(String(member('RegisterTaskDefinitionRequest', 'family')['pattern'])));
    assert.doesNotMatch('web 1', new RegExp(String(member('RegisterTaskDefinitionRequest', 'family')['pattern'])));
  });

  it('describes members in plain text, in a sentence or two', () => {
    const texts = Object.values(definitions).flatMap((each) =>
      Object.values(each.properties ?? {}).map(({ description }) => String(description ?? '')),
    );
    const described = texts.filter((each) => each !== '');
    assert.ok(described.length > texts.length * 0.9, `${described.length} of ${texts.length}`);
    assert.deepEqual(
      described.filter((each) => /<\/?\w+>|&\w+;|@public/.test(each)),
      [],
    );
  });

  it('bears the nine members of a revision, and does not propose them', () => {
    assert.equal(member('RegisterTaskDefinitionRequest', 'registeredBy')['doNotSuggest'], true);
    assert.equal(definitions['RegisterTaskDefinitionRequest']?.additionalProperties, false);
  });
});
