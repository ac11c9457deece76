export { connect } from './connect';
export { fingerprint, forgetTokens, signInKind } from './credentials';
export { listProfiles } from './profiles';
export { signInWithSso } from './signIn';
