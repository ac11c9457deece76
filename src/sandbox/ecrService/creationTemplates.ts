import { ApiError } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { page } from '../paging';
import type { EcrContext } from './context';
import { type ExclusionFilter, type Repository, type TagMutability, newRepository } from './repository';

interface Settings {
  readonly description?: string;
  readonly encryptionConfiguration?: { readonly encryptionType: string; readonly kmsKey?: string };
  readonly resourceTags?: readonly { readonly Key: string; readonly Value: string }[];
  readonly imageTagMutability?: TagMutability;
  readonly imageTagMutabilityExclusionFilters?: readonly ExclusionFilter[];
  readonly repositoryPolicy?: string;
  readonly lifecyclePolicy?: string;
  readonly appliedFor?: readonly string[];
  readonly customRoleArn?: string;
}

export interface CreationTemplate extends Settings {
  readonly prefix: string;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

type Request = Settings & { readonly prefix: string };

const describe = ({ createdAt, updatedAt, ...settings }: CreationTemplate): Record<string, unknown> => ({
  encryptionConfiguration: { encryptionType: 'AES256' },
  ...settings,
  imageTagMutability: settings.imageTagMutability ?? 'MUTABLE',
  createdAt: new Date(createdAt),
  updatedAt: new Date(updatedAt),
});

/** The template with the longest prefix that fits; `ROOT` fits when no other does. */
function templateFor(
  templates: ReadonlyMap<string, CreationTemplate>,
  name: string,
  use: string,
): CreationTemplate | undefined {
  const able = [...templates.values()].filter(({ appliedFor = [] }) => appliedFor.includes(use));
  const fits = ({ prefix }: CreationTemplate): boolean => name.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);
  const [longest] = able.filter(fits).sort((a, b) => b.prefix.length - a.prefix.length);
  return longest ?? able.find(({ prefix }) => prefix === 'ROOT');
}

/** A repository for a push to a name that is not there yet, where a template says so. */
export function createOnPush({ settings, repositories, clock }: EcrContext, name: string): Repository | undefined {
  const template = templateFor(settings.templates ?? new Map(), name, 'CREATE_ON_PUSH');
  if (!template || !/^[a-z0-9]+(?:[._/-]+[a-z0-9]+)*$/.test(name)) return undefined;
  const repository: Repository = {
    ...newRepository(name, clock.now()),
    mutability: template.imageTagMutability ?? 'MUTABLE',
    exclusions: template.imageTagMutabilityExclusionFilters,
    encryption: template.encryptionConfiguration ?? { encryptionType: 'AES256' },
    policy: template.repositoryPolicy,
    lifecycle: template.lifecyclePolicy,
    resourceTags: new Map((template.resourceTags ?? []).map(({ Key, Value }) => [Key, Value])),
  };
  repositories.set(name, repository);
  return repository;
}

/** Templates of repositories that come into being by a push. Replication and caches are not carried out. */
export function creationTemplateOperations({ settings, place, clock }: EcrContext): Record<string, Operation> {
  const templates = (settings.templates ??= new Map<string, CreationTemplate>());
  const registryId = place.account;
  const named = (prefix: string): CreationTemplate => {
    const template = templates.get(prefix);
    if (template) return template;
    const text = `The Repository Creation Template with prefix '${prefix}' does not exist in the registry with id '${registryId}'`;
    throw new ApiError('TemplateNotFoundException', text);
  };
  const put = (template: CreationTemplate): unknown => {
    templates.set(template.prefix, template);
    return { registryId, repositoryCreationTemplate: describe(template) };
  };
  return {
    CreateRepositoryCreationTemplate: (input: Request) => {
      if (templates.has(input.prefix)) {
        const text = `The Repository Creation Template with prefix '${input.prefix}' already exists`;
        throw new ApiError('TemplateAlreadyExistsException', text);
      }
      return put({ ...input, createdAt: clock.now(), updatedAt: clock.now() });
    },
    UpdateRepositoryCreationTemplate: (input: Request) =>
      put({ ...named(input.prefix), ...input, updatedAt: clock.now() }),
    DeleteRepositoryCreationTemplate: ({ prefix }: Request) => {
      const template = named(prefix);
      templates.delete(prefix);
      return { registryId, repositoryCreationTemplate: describe(template) };
    },
    DescribeRepositoryCreationTemplates: (input: {
      prefixes?: readonly string[];
      maxResults?: number;
      nextToken?: string;
    }) => {
      const all = [...templates.values()].filter(
        ({ prefix }) => !input.prefixes?.length || input.prefixes.includes(prefix),
      );
      const { items, nextToken } = page(all, input.maxResults ?? 100, input.nextToken, input.prefixes ?? null);
      return { registryId, repositoryCreationTemplates: items.map(describe), nextToken };
    },
  };
}
