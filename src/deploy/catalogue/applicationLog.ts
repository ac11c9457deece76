import { message } from '../../core/message';
import type { TextKind } from '../finding';
import type { Entry } from './entry';

const log: readonly TextKind[] = ['log'];

/** What programs write before they end: the same few causes in the words of many languages. */
export const applicationLog: readonly Entry[] = [
  {
    id: 'taskRoleDenied',
    where: log,
    pattern: /is not authorized to perform: ([\w:-]+)(?: on resource: (\S+))?/,
    brief: message('task role lacks a right'),
    cause: ({ groups, container }) => message('The task role does not let “{0}” call {1}.', container, groups[1] ?? ''),
    fix: message('Allow it in the task role.'),
    action: 'attachPolicy',
    examples: [
      'botocore.exceptions.ClientError: An error occurred (AccessDenied): User: arn:aws:sts::123456789012:assumed-role/web/0f is not authorized to perform: dynamodb:GetItem on resource: arn:aws:dynamodb:us-east-1:123456789012:table/orders',
    ],
  },
  {
    id: 'noCredentials',
    where: log,
    pattern:
      /unable to locate credentials|nocredentialproviders|could not load credentials from any providers|credentialsprovidererror|unable to load (?:aws )?credentials/,
    brief: message('no AWS credentials'),
    cause: ({ container }) => message('“{0}” looked for AWS credentials and found none.', container),
    fix: message('Give the task definition a task role (taskRoleArn).'),
    examples: [
      'CredentialsProviderError: Could not load credentials from any providers',
      'NoCredentialProviders: no valid providers in chain',
    ],
  },
  {
    id: 'privilegedPort',
    where: log,
    pattern:
      /(?:listen|bind).*(?::|port )(\d{1,3})\b.*(?:permission denied|eacces)|listen eacces|eacces.*(?:listen|bind)|permission denied.*bind\(\)/,
    brief: message('may not use its port'),
    cause: ({ container }) =>
      message('“{0}” may not listen on a port below 1024 as the user that it runs as.', container),
    fix: message('Listen on a higher port and map it, or run it as another user.'),
    examples: [
      'listen tcp :80: bind: permission denied',
      'nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)',
      'Error: listen EACCES: permission denied 0.0.0.0:80',
    ],
  },
  {
    id: 'portInUse',
    where: log,
    pattern:
      /eaddrinuse|address already in use|port \d+ (?:is |was )?(?:already )?in use|only one usage of each socket address/,
    brief: message('port is in use'),
    cause: ({ container }) => message('“{0}” wants a port that another process of the task has.', container),
    fix: message('In awsvpc mode the containers of a task share their ports: give each its own.'),
    examples: [
      'Error: listen EADDRINUSE: address already in use :::8080',
      'Web server failed to start. Port 8080 was already in use.',
    ],
  },
  {
    id: 'databaseLogin',
    where: log,
    pattern:
      /password authentication failed|access denied for user|authentication failed for user|sasl.*authentication failed|wrongpass|noauth authentication required|login failed for user/,
    brief: message('database refuses the login'),
    cause: ({ container }) => message('A database does not accept the login of “{0}”.', container),
    fix: message('Check the secret with the password; after a rotation start a new deployment.'),
    examples: [
      'FATAL: password authentication failed for user "app"',
      "Access denied for user 'app'@'10.0.1.5' (using password: YES)",
      'WRONGPASS invalid username-password pair',
    ],
  },
  {
    id: 'databaseMissing',
    where: log,
    pattern:
      /database "[^"]+" does not exist|unknown database|relation "[^"]+" does not exist|no such table|table '[^']+' doesn't exist|cannot open database/,
    brief: message('database or table is missing'),
    cause: ({ container }) => message('“{0}” asks for a database or a table that does not exist.', container),
    fix: message('Run the migrations, or correct the database’s name.'),
    examples: [
      'FATAL: database "orders" does not exist',
      "Unknown database 'orders'",
      'relation "users" does not exist',
    ],
  },
  {
    id: 'nameUnresolved',
    where: log,
    pattern:
      /\benotfound\b|eai_again|name or service not known|no such host|could not translate host name|unknownhostexception|getaddrinfo failed|temporary failure in name resolution|host not found in upstream/,
    brief: message('host name unknown'),
    cause: ({ container }) => message('“{0}” asks for a host whose name does not resolve.', container),
    fix: message('Check the host’s name in its settings, and the DNS of the VPC.'),
    confidence: 'likely',
    examples: [
      'Error: getaddrinfo ENOTFOUND db.internal',
      'nginx: [emerg] host not found in upstream "api" in /etc/nginx/conf.d/default.conf:3',
      'java.net.UnknownHostException: db.internal',
    ],
  },
  {
    id: 'connectionRefused',
    where: log,
    pattern: /econnrefused|connection refused|actively refused/,
    brief: message('a connection is refused'),
    cause: ({ container }) => message('“{0}” could not connect to something that it needs.', container),
    fix: message('Check host and port; localhost is the task itself.'),
    confidence: 'likely',
    examples: ['Error: connect ECONNREFUSED 127.0.0.1:5432', 'dial tcp 10.0.2.9:6379: connect: connection refused'],
  },
  {
    id: 'connectionTimeout',
    where: log,
    pattern: /etimedout|connection timed out|connect timeout|i\/o timeout|timeout expired|connecttimeoutexception/,
    brief: message('a connection times out'),
    cause: ({ container }) => message('“{0}” got no answer from something that it needs.', container),
    fix: message('Let the other side’s security group take that of the task, and check the route.'),
    confidence: 'likely',
    network: true,
    examples: ['Error: connect ETIMEDOUT 10.0.2.9:5432', 'could not connect to server: Connection timed out'],
  },
  {
    id: 'libraryMissing',
    where: log,
    pattern: /error while loading shared libraries: ?(\S*?):|version `?'?glibc_[\d.]+'? not found|error relocating/,
    brief: message('library is missing'),
    cause: ({ container }) => message('The program of “{0}” needs a library that is not in the image.', container),
    fix: message('Install it in the last stage, or build on the base image that it runs on (musl and glibc differ).'),
    examples: [
      '/app/server: error while loading shared libraries: libssl.so.3: cannot open shared object file: No such file or directory',
      "/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.34' not found (required by ./server)",
    ],
  },
  {
    id: 'moduleMissing',
    where: log,
    pattern:
      /cannot find (?:module|package) '?([^'\s]*)|modulenotfounderror|classnotfoundexception|noclassdeffounderror|cannot load such file|could not find or load main class|unable to access jarfile|can't open file/,
    brief: message('module is missing'),
    cause: ({ container }) => message('The program of “{0}” misses a module or a file of its own.', container),
    fix: message('Install the dependencies in the image, and check COPY, WORKDIR and .dockerignore.'),
    examples: [
      "Error: Cannot find module '/app/dist/index.js'",
      "ModuleNotFoundError: No module named 'flask'",
      'Error: Unable to access jarfile app.jar',
      "python: can't open file '/app/main.py': [Errno 2] No such file or directory",
    ],
  },
  {
    id: 'settingMissing',
    where: log,
    pattern:
      /(?:environment variable|env(?:ironment)? var|\bconfig(?:uration)?\b|setting).{0,80}(?:not set|missing|required|undefined|must be (?:set|provided))|(?:missing|required|undefined) (?:required )?(?:environment variable|env var|configuration|setting)|keyerror: '[a-z_]+'|\b[a-z][a-z0-9]*_[a-z0-9_]+ (?:is |was |must )?(?:not set|missing|undefined|required|be set)/,
    brief: message('setting is missing'),
    cause: ({ container }) => message('“{0}” misses a setting that it needs.', container),
    fix: message('Set the environment variable or the secret in the task definition.'),
    confidence: 'likely',
    examples: [
      'Error: environment variable DATABASE_URL is not set',
      "KeyError: 'DATABASE_URL'",
      'Missing required environment variable: PORT',
      'search: INDEX_URL is not set',
    ],
  },
  {
    id: 'configurationInvalid',
    where: log,
    pattern:
      /\[emerg\]|configuration file .* (?:test failed|is invalid)|(?:invalid|malformed|failed to (?:parse|load|read)) (?:the )?config(?:uration)?|yaml.*(?:error|exception)/,
    brief: message('configuration is invalid'),
    cause: ({ container }) => message('“{0}” does not accept its configuration.', container),
    fix: message('Correct the file that its log names.'),
    confidence: 'likely',
    examples: [
      'nginx: [emerg] unknown directive "servr" in /etc/nginx/nginx.conf:5',
      'failed to parse config: yaml: line 3: mapping values are not allowed',
    ],
  },
  {
    id: 'readOnlyRoot',
    where: log,
    pattern: /read-only file system|erofs/,
    brief: message('file system is read-only'),
    cause: ({ container }) => message('“{0}” writes to its file system, which is read-only.', container),
    fix: message('Mount a volume where it writes, or switch readonlyRootFilesystem off.'),
    examples: [
      "Error: EROFS: read-only file system, open '/app/cache'",
      'mkdir: cannot create directory ‘/var/cache/nginx’: Read-only file system',
    ],
  },
  {
    id: 'fileDenied',
    where: log,
    pattern: /eacces|permission denied|accessdeniedexception: \//,
    brief: message('file is denied'),
    cause: ({ container }) =>
      message('“{0}” may not read, write or run one of its files as the user that it runs as.', container),
    fix: message('Give the files to that user: COPY --chown, or RUN chown.'),
    confidence: 'likely',
    examples: [
      "Error: EACCES: permission denied, open '/data/app.db'",
      '/docker-entrypoint.sh: line 12: /app/run: Permission denied',
    ],
  },
  {
    id: 'certificateInvalid',
    where: log,
    pattern:
      /certificate (?:verify failed|has expired|signed by unknown)|x509:|self[- ]signed certificate|unable to (?:verify the first certificate|get local issuer)|pkix path building failed/,
    brief: message('certificate is not trusted'),
    cause: ({ container }) => message('“{0}” does not trust a certificate.', container),
    fix: message('Install ca-certificates in the image, or the certificate of the other side.'),
    confidence: 'likely',
    examples: [
      'x509: certificate signed by unknown authority',
      'ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate',
    ],
  },
  {
    id: 'programCrash',
    where: log,
    pattern:
      /^panic: |traceback \(most recent call last\)|unhandled(?:promiserejection| exception| rejection)|uncaught ?exception|exception in thread|^fatal error: |thread '[^']*' panicked|application run failed/,
    brief: message('program crashes'),
    cause: ({ container }) => message('The program of “{0}” ended with an error that it did not handle.', container),
    fix: message('Read the last lines of its log.'),
    confidence: 'likely',
    examples: [
      'panic: runtime error: invalid memory address or nil pointer dereference',
      'Traceback (most recent call last):',
      "thread 'main' panicked at src/main.rs:4:5",
      'Exception in thread "main" java.lang.IllegalStateException: no',
    ],
  },
];
