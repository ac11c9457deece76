import { randomUUID } from 'node:crypto';
import { ApiError } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { page } from '../paging';
import { applicationNamed, isGoingOn } from './lookUp';
import type { Application, CodeDeployContext } from './types';

interface CreateRequest {
  readonly applicationName: string;
  readonly computePlatform?: string;
}

function create({ state, ecs }: CodeDeployContext, { applicationName: name, computePlatform }: CreateRequest): unknown {
  if (state.applications.has(name)) {
    throw new ApiError('ApplicationAlreadyExistsException', `An application with this name already exists: ${name}`);
  }
  // AWS's default is Server, of which the sandbox has none.
  if (computePlatform !== 'ECS') {
    throw new ApiError('InvalidComputePlatformException', 'The sandbox has the compute platform ECS only.');
  }
  const application: Application = { id: randomUUID(), name, createdAt: ecs.clock.now(), groups: new Map() };
  state.applications.set(name, application);
  return { applicationId: application.id };
}

function describe({ id, name, createdAt }: Application): unknown {
  return {
    application: {
      ...{ applicationId: id, applicationName: name, createTime: new Date(createdAt) },
      ...{ linkedToGitHub: false, computePlatform: 'ECS' },
    },
  };
}

/** AWS deletes what is not there without a word. */
function remove({ state }: CodeDeployContext, name: string): unknown {
  for (const deployment of state.deployments.values()) {
    if (deployment.application !== name || !isGoingOn(deployment)) continue;
    throw new ApiError('InvalidApplicationNameException', `The application ${name} has an active deployment.`);
  }
  state.applications.delete(name);
  return {};
}

export function applicationOperations(context: CodeDeployContext): Record<string, Operation> {
  return {
    CreateApplication: (input: CreateRequest) => create(context, input),
    GetApplication: (input: CreateRequest) => describe(applicationNamed(context, input.applicationName)),
    ListApplications: ({ nextToken }: { nextToken?: string }) => {
      const cut = page([...context.state.applications.keys()].sort(), 100, nextToken);
      return { applications: cut.items, nextToken: cut.nextToken };
    },
    DeleteApplication: (input: CreateRequest) => remove(context, input.applicationName),
  };
}
