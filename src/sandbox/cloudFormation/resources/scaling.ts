import { type Handling, type ResourceType } from '../handling';
import type { Members } from '../types';

const api = 'application-autoscaling';

async function register(handling: Handling, properties: Members): Promise<void> {
  await handling.call(api, 'RegisterScalableTarget', handling.input(api, 'RegisterScalableTarget', properties));
}

/** What a target's id consists of: `service/CLUSTER/NAME|ecs:service:DesiredCount|ecs`. */
function target(id: unknown): Members {
  const [ResourceId, ScalableDimension, ServiceNamespace] = String(id).split('|');
  return { ResourceId, ScalableDimension, ServiceNamespace };
}

/** AWS::ApplicationAutoScaling::ScalableTarget */
const scalableTarget: ResourceType = {
  elsewhere: ['ScheduledActions', 'Tags'],
  create: async (handling, properties) => {
    await register(handling, properties);
    const { ResourceId, ScalableDimension, ServiceNamespace } = properties;
    handling.made([ResourceId, ScalableDimension, ServiceNamespace].join('|'));
  },
  attributes: (_, Id) => ({ Id }),
  update: (handling, _, properties) => register(handling, properties),
  remove: async (handling, id) => {
    await handling.call(api, 'DeregisterScalableTarget', target(id));
  },
};

/** A policy names its target by id, or in parts. */
function withTarget({ ScalingTargetId: id, ...properties }: Members): Members {
  return id === undefined ? properties : { ...target(id), ...properties };
}

async function put(handling: Handling, properties: Members): Promise<string> {
  const input = handling.input(api, 'PutScalingPolicy', withTarget(properties));
  return String((await handling.call(api, 'PutScalingPolicy', input))['PolicyARN']);
}

/** AWS::ApplicationAutoScaling::ScalingPolicy */
const scalingPolicy: ResourceType = {
  elsewhere: ['PredictiveScalingPolicyConfiguration'],
  create: async (handling, properties) => handling.made(await put(handling, properties)),
  attributes: (_, Arn) => ({ Arn }),
  update: async (handling, _, properties) => void (await put(handling, properties)),
  remove: async (handling, _, properties) => {
    const { PolicyName, ResourceId, ScalableDimension, ServiceNamespace } = withTarget(properties);
    const named = { PolicyName, ResourceId, ScalableDimension, ServiceNamespace };
    await handling.call(api, 'DeleteScalingPolicy', named);
  },
};

export const scalingTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::ApplicationAutoScaling::ScalableTarget': scalableTarget,
  'AWS::ApplicationAutoScaling::ScalingPolicy': scalingPolicy,
};
