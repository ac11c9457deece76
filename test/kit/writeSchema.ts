import { writeFileSync } from 'node:fs';
import { schemaFile, taskDefinitionSchema } from './taskDefinitionSchema';

/** Writes the JSON schema of task definitions. */
writeFileSync(schemaFile, taskDefinitionSchema());
