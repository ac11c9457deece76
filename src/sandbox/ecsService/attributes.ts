import { ApiError, invalidParameter } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { defaultPageSize } from '../model/apiModel';
import { page } from '../paging';
import { attributesOf } from './containerInstances';
import { type EcsContext, clusterNamed, nameOf } from './context';
import type { Cluster, ContainerInstance } from './types';

interface Attribute {
  readonly name: string;
  readonly value?: string;
  readonly targetType?: string;
  readonly targetId?: string;
}

interface Request {
  readonly cluster?: string;
  readonly attributes: readonly Attribute[];
}

/** A resource may carry this many of its own. */
const most = 10;

function target({ instances }: Cluster, { targetId = '' }: Attribute): ContainerInstance {
  const found = instances.get(nameOf(targetId));
  if (found) return found;
  throw new ApiError('TargetNotFoundException', `The specified target was not found: ${targetId}`);
}

function check({ name, value = '' }: Attribute): void {
  if (name.startsWith('ecs.')) throw invalidParameter('Attribute names that begin with ecs. are reserved.');
  if (!/^[A-Za-z0-9._/\\-]{1,128}$/.test(name)) throw invalidParameter(`Invalid attribute name '${name}'.`);
  if (value.length > 128) throw invalidParameter(`The value of attribute '${name}' is too long.`);
}

export function attributeOperations(context: EcsContext): Record<string, Operation> {
  return {
    PutAttributes: ({ cluster, attributes }: Request) => {
      const found = clusterNamed(context, cluster);
      for (const attribute of attributes) check(attribute);
      for (const attribute of attributes) {
        const own = (target(found, attribute).attributes ??= new Map());
        own.set(attribute.name, attribute.value ?? '');
        if (own.size > most) {
          own.delete(attribute.name);
          throw new ApiError('AttributeLimitExceededException', `A resource can have ${most} custom attributes.`);
        }
      }
      return { attributes };
    },
    DeleteAttributes: ({ cluster, attributes }: Request) => {
      const found = clusterNamed(context, cluster);
      for (const attribute of attributes) target(found, attribute).attributes?.delete(attribute.name);
      return { attributes };
    },
    ListAttributes: (input: {
      cluster?: string;
      attributeName?: string;
      attributeValue?: string;
      nextToken?: string;
      maxResults?: number;
    }) => {
      const cluster = clusterNamed(context, input.cluster);
      const { attributeName: name, attributeValue: value } = input;
      const all = [...cluster.instances.values()].flatMap((instance) =>
        attributesOf(instance).map((attribute) => ({ ...attribute, targetId: instance.arn })),
      );
      const found = all.filter((one) => (name ?? one.name) === one.name && (value ?? one.value) === one.value);
      const size = input.maxResults ?? defaultPageSize('ecs', 'ListAttributes');
      const { items, nextToken } = page(found, size, input.nextToken, [cluster.name, name ?? null, value ?? null]);
      return { attributes: items, nextToken };
    },
  };
}
