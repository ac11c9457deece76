export { connect } from './connect';
export { listProfiles } from './profiles';
