import { type Handling, type ResourceType, changed, firstIn, objectIn, policyText } from '../handling';
import type { Members } from '../types';

type Filter = {
  readonly ImageTagMutabilityExclusionFilterType?: string;
  readonly ImageTagMutabilityExclusionFilterValue?: string;
};

function mutability(properties: Members): Members {
  const { ImageTagMutability: imageTagMutability = 'MUTABLE', ImageTagMutabilityExclusionFilters: given } = properties;
  const filters = (given as readonly Filter[] | undefined)?.map((filter) => ({
    filterType: filter.ImageTagMutabilityExclusionFilterType,
    filter: filter.ImageTagMutabilityExclusionFilterValue,
  }));
  return { imageTagMutability, ...(filters ? { imageTagMutabilityExclusionFilters: filters } : {}) };
}

async function putPolicies(handling: Handling, repositoryName: string, properties: Members): Promise<void> {
  const lifecyclePolicyText = objectIn(properties, 'LifecyclePolicy')['LifecyclePolicyText'];
  if (lifecyclePolicyText !== undefined) {
    await handling.call('ecr', 'PutLifecyclePolicy', { repositoryName, lifecyclePolicyText });
  }
  const policy = properties['RepositoryPolicyText'];
  if (policy !== undefined) {
    await handling.call('ecr', 'SetRepositoryPolicy', { repositoryName, policyText: policyText(policy) });
  }
}

const described = async (handling: Handling, id: string): Promise<Members> =>
  firstIn(await handling.read('ecr', 'DescribeRepositories', { repositoryNames: [id] }), 'repositories');

/** AWS::ECR::Repository */
const repository: ResourceType = {
  nameProperty: 'RepositoryName',
  create: async (handling, properties) => {
    const repositoryName = properties['RepositoryName'] ?? handling.name(256).toLowerCase();
    const { ImageScanningConfiguration, EncryptionConfiguration } = properties;
    const given = { ImageScanningConfiguration, EncryptionConfiguration };
    const settings = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    await handling.call('ecr', 'CreateRepository', {
      ...{ repositoryName, tags: handling.tags, ...mutability(properties) },
      ...handling.input('ecr', 'CreateRepository', settings),
    });
    handling.made(String(repositoryName));
    await putPolicies(handling, String(repositoryName), properties);
  },
  attributes: async (handling, id) => {
    const { repositoryArn: Arn, repositoryUri: RepositoryUri } = await described(handling, id);
    return { Arn, RepositoryUri };
  },
  update: async (handling, repositoryName, properties, former) => {
    if (changed(former, properties, 'ImageTagMutability', 'ImageTagMutabilityExclusionFilters')) {
      await handling.call('ecr', 'PutImageTagMutability', { repositoryName, ...mutability(properties) });
    }
    if (changed(former, properties, 'ImageScanningConfiguration')) {
      const scanOnPush = objectIn(properties, 'ImageScanningConfiguration')['ScanOnPush'] ?? false;
      const input = { repositoryName, imageScanningConfiguration: { scanOnPush } };
      await handling.call('ecr', 'PutImageScanningConfiguration', input);
    }
    const dropped = (name: string): boolean => name in former && !(name in properties);
    if (dropped('LifecyclePolicy')) await handling.call('ecr', 'DeleteLifecyclePolicy', { repositoryName });
    if (dropped('RepositoryPolicyText')) await handling.call('ecr', 'DeleteRepositoryPolicy', { repositoryName });
    if (changed(former, properties, 'LifecyclePolicy', 'RepositoryPolicyText')) {
      await putPolicies(handling, repositoryName, properties);
    }
  },
  remove: async (handling, repositoryName, properties) => {
    const force = properties['EmptyOnDelete'] === true;
    await handling.call('ecr', 'DeleteRepository', { repositoryName, force });
  },
  retag: async (handling, id, tags, tagKeys) => {
    const { repositoryArn: resourceArn } = await described(handling, id);
    if (tags.length > 0) await handling.call('ecr', 'TagResource', { resourceArn, tags });
    if (tagKeys.length > 0) await handling.call('ecr', 'UntagResource', { resourceArn, tagKeys });
  },
};

export const ecrTypes: Readonly<Record<string, ResourceType>> = { 'AWS::ECR::Repository': repository };
